namespace Edge.Training;

/// <summary>Where training stands, beside the weights and the optimizer's moments.</summary>
internal sealed record CheckpointState
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Optimizer steps done.</summary>
    public long Step { get; init; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches done of the epoch after those.</summary>
    public int Batch { get; init; }

    public ulong Seed { get; init; }

    public int BatchSize { get; init; }

    public string Optimizer { get; init; } = "";

    public string Dataset { get; init; } = "";

    public int Images { get; init; }

    public double ValidationFraction { get; init; }

    public double ElapsedSeconds { get; init; }

    /// <summary>Seconds that the unfinished epoch has taken.</summary>
    public double EpochSeconds { get; init; }

    public double LossSum { get; init; }

    public long Correct { get; init; }

    public long Seen { get; init; }

    public double LearningRate { get; init; }

    public IReadOnlyList<EpochRecord> History { get; init; } = [];
}
