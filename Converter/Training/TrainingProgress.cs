namespace Edge.Training;

/// <summary>How far training has come.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">How many there will be.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="Steps">Steps in an epoch.</param>
/// <param name="Loss">The mean loss of this epoch so far.</param>
/// <param name="Accuracy">The share of this epoch's images so far that was right, from 0 to 1.</param>
/// <param name="ImagesPerSecond">Since training began or was resumed, validation and checkpoints not counted.</param>
/// <param name="TimeLeft">Until the last epoch's end or the end of the time budget, whichever is first.</param>
/// <param name="LearningRate">The rate of the last step.</param>
public readonly record struct TrainingProgress(
    int Epoch, int Epochs, int Step, int Steps, double Loss, double Accuracy, double ImagesPerSecond, TimeSpan TimeLeft, double LearningRate);
