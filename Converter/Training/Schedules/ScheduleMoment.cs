namespace Edge.Training.Schedules;

/// <summary>Where training is, just before an optimizer step.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="StepsPerEpoch">Steps in an epoch, at least 1.</param>
/// <param name="Share">The share of all steps, or of the time budget, that is gone, from 0 to 1.</param>
/// <param name="Losses">The validation loss (or, without validation, the training loss) after each finished epoch.</param>
public readonly record struct ScheduleMoment(long Step, long StepsPerEpoch, double Share, IReadOnlyList<double> Losses)
{
    /// <summary>Epochs that are finished.</summary>
    public long Epoch => Step / StepsPerEpoch;
}
