namespace Edge.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Samples">Samples trained with; fewer than all where the time was up.</param>
/// <param name="TrainLoss">The mean loss while training.</param>
/// <param name="TrainAccuracy">The share right while training, from 0 to 1; null where there are no classes.</param>
/// <param name="ValidationLoss">The mean loss on the validation samples afterwards; null without any.</param>
/// <param name="ValidationAccuracy">The share right of the validation samples afterwards; null without any, or without classes.</param>
/// <param name="LearningRate">The rate of the last step.</param>
/// <param name="Seconds">How long the epoch took, validation included.</param>
/// <param name="ValidationAp50">The average precision of a detector on the validation samples at the overlap 0.5; null for other models.</param>
public sealed record EpochRecord(
    int Epoch, long Samples, double TrainLoss, double? TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy, double LearningRate, double Seconds,
    double? ValidationAp50 = null);
