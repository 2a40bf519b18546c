namespace Edge.Benchmarks.Data;

/// <summary>What one source gives beside what one net takes.</summary>
/// <param name="Name">The source, and what is done to it.</param>
/// <param name="LoaderPerSecond">Samples a second with nobody training.</param>
/// <param name="TrainingPerSecond">Samples a second that training takes, loading at the same time.</param>
/// <param name="WaitShare">The share of training's time in which it waited for data.</param>
internal sealed record LoaderRow(string Name, double LoaderPerSecond, double TrainingPerSecond, double WaitShare)
{
    public double Ratio => LoaderPerSecond / TrainingPerSecond;
}
