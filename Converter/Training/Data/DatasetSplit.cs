namespace Edge.Training.Data;

/// <summary>Parts of a data set that have no sample in common.</summary>
/// <param name="Train">To train with.</param>
/// <param name="Validation">To choose and stop with; null where none was asked for.</param>
/// <param name="Test">To judge with at the very end; null where none was asked for.</param>
public sealed record DatasetSplit(Dataset Train, Dataset? Validation, Dataset? Test);
