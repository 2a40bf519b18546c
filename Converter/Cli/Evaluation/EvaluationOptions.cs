namespace Edge.Cli.Evaluation;

/// <summary>How a model is to be judged.</summary>
internal sealed record EvaluationOptions
{
    /// <summary>At most how many samples; 0 takes all.</summary>
    public int Limit { get; init; }

    /// <summary>Decides what chance decides: which samples, and the draws of the bootstrap.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads of the engine; 0 takes one a core.</summary>
    public int Threads { get; init; }

    /// <summary>For which k the share of samples with their class among the best k is given.</summary>
    public IReadOnlyList<int> TopK { get; init; } = [3, 5];

    /// <summary>Ranges of confidence.</summary>
    public int Bins { get; init; } = 15;

    /// <summary>The share of the samples that a temperature is fitted to, which then judge nothing; 0 fits none.</summary>
    public double CalibrationShare { get; init; }

    /// <summary>The classes that are normal, where a model finds anomalies; empty takes the first.</summary>
    public IReadOnlyList<string> Normal { get; init; } = [];

    /// <summary>The share of false alarms that the suggested threshold lets through.</summary>
    public double FalsePositiveRate { get; init; } = 0.01;

    /// <summary>A file with the group of each sample; null where there is none.</summary>
    public string? GroupFile { get; init; }
}
