using Edge.Torch;
using Edge.Training.Optimizers;

namespace Edge.Training;

/// <summary>How a <see cref="Trainer"/> works.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often every training image is seen.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Images in a step.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>The optimizer with its learning rate.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>How the learning rate goes down.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>Stops after about this long, even if epochs are left; null for no limit. The schedule ends with it.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The same seed, options, data and machine give the same weights, bit for bit on the CPU (without a time budget).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where to train.</summary>
    public Device Device { get; init; }

    /// <summary>The share of the training images that is kept back to validate with, from 0 to 0.9.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>From 0 (none) to less than 1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Where to keep a checkpoint, at every epoch's end and every <see cref="CheckpointInterval"/>; null for none.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>How long work may be lost; the checkpoint is renewed this often within an epoch.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often progress is reported, at most.</summary>
    public TimeSpan ProgressInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="TrainingException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Epochs is >= 1 and <= 1_000_000, $"epochs is {Epochs}: use 1 to 1000000");
        Check(BatchSize is >= 1 and <= 1 << 20, $"the batch size is {BatchSize}: use 1 to {1 << 20}");
        Check(TimeBudget is null || TimeBudget > TimeSpan.Zero, $"the time budget is {TimeBudget}: use more than 0");
        Check(ValidationFraction is >= 0 and <= 0.9, $"the validation fraction is {ValidationFraction}: use 0 to 0.9");
        Check(LabelSmoothing is >= 0 and < 1, $"the label smoothing is {LabelSmoothing}: use 0 to less than 1");
        Check(CheckpointInterval > TimeSpan.Zero, $"the checkpoint interval is {CheckpointInterval}: use more than 0");
        Check(ProgressInterval >= TimeSpan.Zero, $"the progress interval is {ProgressInterval}: use 0 or more");
        Check(Enum.IsDefined(Schedule), $"the schedule {Schedule} is unknown: use constant or cosine");
        Optimizer.Validate();
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new TrainingException(message);
        }
    }
}
