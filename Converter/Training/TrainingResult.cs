namespace Edge.Training;

/// <summary>What training came to.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Optimizer steps since the very beginning.</param>
/// <param name="History">One record for each epoch, an unfinished last one included where the time was up.</param>
/// <param name="SamplesPerSecond">Training speed of this run, validation and checkpoints not counted.</param>
/// <param name="Elapsed">How long it took since the very beginning.</param>
/// <param name="BestEpoch">The epoch whose weights the model has, where the best were kept; otherwise null.</param>
/// <param name="Profile">Where the time of this run went.</param>
public sealed record TrainingResult(
    StopReason Reason, long Steps, IReadOnlyList<EpochRecord> History, double SamplesPerSecond, TimeSpan Elapsed, int? BestEpoch, TrainingProfile Profile);
