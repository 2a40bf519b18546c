namespace Edge.Training;

/// <summary>What training came to.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Steps">Optimizer steps since the very beginning.</param>
/// <param name="History">One record for each epoch, an unfinished last one included where the time was up.</param>
/// <param name="ImagesPerSecond">Training speed of this run, validation and checkpoints not counted.</param>
/// <param name="Elapsed">How long it took since the very beginning.</param>
/// <param name="WaitedForData">How long of this run the trainer stood still because no batch was ready.</param>
public sealed record TrainingResult(
    StopReason Reason, long Steps, IReadOnlyList<EpochRecord> History, double ImagesPerSecond, TimeSpan Elapsed, TimeSpan WaitedForData);
