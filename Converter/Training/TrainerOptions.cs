using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Losses;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;

namespace Edge.Training;

/// <summary>How a <see cref="Trainer"/> works.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often every training sample is seen.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Samples in a batch.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Batches whose gradients make one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>What is made small.</summary>
    public LossOptions Loss { get; init; } = new();

    /// <summary>Whether the model's target is its own first input, whatever the data set's targets.</summary>
    public bool Autoencode { get; init; }

    /// <summary>The optimizer with its learning rate.</summary>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>How the learning rate changes.</summary>
    public Schedule Schedule { get; init; } = new ConstantSchedule();

    /// <summary>The greatest length that all gradients together may have; null for any.</summary>
    public double? ClipNorm { get; init; }

    /// <summary>The greatest size of an element of a gradient; null for any.</summary>
    public double? ClipValue { get; init; }

    /// <summary>Decay of the moving average of the weights, which is then what is judged and kept; null for none.</summary>
    public double? Average { get; init; }

    /// <summary>What convolutions and matrix products compute in.</summary>
    public Precision Precision { get; init; }

    /// <summary>Stops after this many epochs without a better validation loss; null for never.</summary>
    public int? Patience { get; init; }

    /// <summary>Whether the weights of the epoch with the least validation loss are kept, rather than the last ones.</summary>
    public bool KeepBest { get; init; }

    /// <summary>Stops after about this long, even if epochs are left; null for no limit. The schedule ends with it.</summary>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>The same seed, options, data and machine give the same weights, bit for bit on the CPU (without a time budget).</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Where to train.</summary>
    public Device Device { get; init; }

    /// <summary>The share of the training samples that is kept back to validate with, from 0 to 0.9; unused with folds.</summary>
    public double ValidationFraction { get; init; } = 0.1;

    /// <summary>Into how many parts the training samples are cut for cross-validation; 0 for none.</summary>
    public int Folds { get; init; }

    /// <summary>Which part is validated with, from 0 to <see cref="Folds"/> − 1.</summary>
    public int Fold { get; init; }

    /// <summary>Threads that read samples; 0 for the processors but one.</summary>
    public int Workers { get; init; }

    /// <summary>
    /// How far the size of a detector's batches differs from the samples' at most, as a share either way, 0 to 0.75; sizes are multiples
    /// of 32, and the model has to take them.
    /// </summary>
    public double MultiScale { get; init; }

    /// <summary>What mixes the samples of a batch.</summary>
    public IReadOnlyList<IBatchAugmentation> Mixing { get; init; } = [];

    /// <summary>Which weights change, by the initializer's name; null for all.</summary>
    public Func<string, bool>? IsTrainable { get; init; }

    /// <summary>Which batch normalisations keep their statistics and normalise by them; null for none.</summary>
    public Func<Node, bool>? FreezesStatistics { get; init; }

    /// <summary>A teacher; null for none.</summary>
    public DistillationOptions? Distillation { get; init; }

    /// <summary>Whether the time of each operator is measured.</summary>
    public bool Profile { get; init; }

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
        Check(Accumulate is >= 1 and <= 10_000, $"{Accumulate} batches make a step: use 1 to 10000");
        Check(ClipNorm is null or > 0, $"the clipping norm is {ClipNorm}: use a number above 0");
        Check(ClipValue is null or > 0, $"the clipping value is {ClipValue}: use a number above 0");
        Check(Average is null or (>= 0 and < 1), $"the average's decay is {Average}: use 0 to less than 1");
        Check(Patience is null or >= 1, $"the patience is {Patience} epochs: use 1 or more");
        Check(TimeBudget is null || TimeBudget > TimeSpan.Zero, $"the time budget is {TimeBudget}: use more than 0");
        Check(ValidationFraction is >= 0 and <= 0.9, $"the validation fraction is {ValidationFraction}: use 0 to 0.9");
        Check(MultiScale is >= 0 and <= 0.75, $"sizes differ by {MultiScale}: use 0 to 0.75");
        Check(MultiScale == 0 || Distillation is null, "a teacher sees samples in their own size: leave it or multiScale out");
        Check(Folds is 0 or (>= 2 and <= 100), $"{Folds} folds: use 2 to 100, or 0 for none");
        Check(Fold >= 0 && Fold < Math.Max(Folds, 1), $"there is no fold {Fold} of {Folds}");
        Check((Patience is null && !KeepBest) || ValidationFraction > 0 || Folds > 0, "stopping early and keeping the best need validation samples: give a validation fraction above 0");
        Check(Distillation is null or { Temperature: > 0, Weight: >= 0 and <= 1 }, "distillation needs a temperature above 0 and a weight of 0 to 1");
        Check(CheckpointInterval > TimeSpan.Zero, $"the checkpoint interval is {CheckpointInterval}: use more than 0");
        Check(ProgressInterval >= TimeSpan.Zero, $"the progress interval is {ProgressInterval}: use 0 or more");
        Optimizer.Validate();
        Schedule.Validate();
        Loss.Create().Dispose();
    }

    /// <summary>Keeps back what to validate with: a share, or a fold.</summary>
    /// <param name="dataset">The samples to train and validate with.</param>
    /// <exception cref="DataException">There are too few samples that do not belong together.</exception>
    public DatasetSplit Split(Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Folds > 0 ? dataset.KFold(Folds, Seed)[Fold] : dataset.Split(ValidationFraction, 0, Seed);
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new TrainingException(message);
        }
    }
}
