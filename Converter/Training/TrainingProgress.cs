namespace Edge.Training;

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Batches done in this epoch.</param>
/// <param name="Steps">Batches in an epoch.</param>
/// <param name="Loss">The mean loss of this epoch so far.</param>
/// <param name="Accuracy">The share of this epoch's samples so far that was right, from 0 to 1; null where there are no classes.</param>
/// <param name="SamplesPerSecond">Since training began or was resumed, validation and checkpoints not counted.</param>
/// <param name="TimeLeft">Until the last epoch's end or the end of the time budget, whichever is first.</param>
/// <param name="LearningRate">The rate of the last step.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double? Accuracy, double SamplesPerSecond, TimeSpan TimeLeft, double LearningRate);
