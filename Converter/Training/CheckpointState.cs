using Edge.Training.Data;

namespace Edge.Training;

/// <summary>Where training stands, beside the weights and the optimizer's moments.</summary>
internal sealed record CheckpointState
{
    public const int CurrentVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Optimizer steps done.</summary>
    public long Step { get; init; }

    /// <summary>Epochs done.</summary>
    public int Epoch { get; init; }

    /// <summary>Batches done of the epoch after those.</summary>
    public int Batch { get; init; }

    public ulong Seed { get; init; }

    public int BatchSize { get; init; }

    public int Accumulate { get; init; } = 1;

    public string Optimizer { get; init; } = "";

    public string Loss { get; init; } = "";

    public string Dataset { get; init; } = "";

    public int Samples { get; init; }

    public double ValidationFraction { get; init; }

    public double MultiScale { get; init; }

    public int Folds { get; init; }

    public int Fold { get; init; }

    public double ElapsedSeconds { get; init; }

    /// <summary>Seconds that the unfinished epoch has taken.</summary>
    public double EpochSeconds { get; init; }

    public double LossSum { get; init; }

    public long Correct { get; init; }

    public long Seen { get; init; }

    public double LearningRate { get; init; }

    /// <summary>What multiplies the loss in half precision.</summary>
    public double LossScale { get; init; }

    /// <summary>The epoch with the least validation loss so far; 0 before the first.</summary>
    public int BestEpoch { get; init; }

    public IReadOnlyList<EpochRecord> History { get; init; } = [];

    /// <summary>The very beginning.</summary>
    public static CheckpointState Of(TrainerOptions options, DatasetSplit split) => new()
    {
        Seed = options.Seed,
        BatchSize = options.BatchSize,
        Accumulate = options.Accumulate,
        Optimizer = options.Optimizer.Name,
        Loss = options.Loss.Name,
        Dataset = split.Train.Name,
        Samples = split.Train.Count + (split.Validation?.Count ?? 0),
        ValidationFraction = options.ValidationFraction,
        MultiScale = options.MultiScale,
        Folds = options.Folds,
        Fold = options.Fold,
    };

    /// <summary>Lets pass what goes on as it began.</summary>
    /// <exception cref="TrainingException">Something differs that decides the weights.</exception>
    public void RequireSame(CheckpointState wanted, string source)
    {
        Require(Seed, wanted.Seed, "seed");
        Require(BatchSize, wanted.BatchSize, "batch size");
        Require(Accumulate, wanted.Accumulate, "number of batches a step");
        Require(Optimizer, wanted.Optimizer, "optimizer");
        Require(Loss, wanted.Loss, "loss");
        Require(Samples, wanted.Samples, "number of training samples");
        Require(ValidationFraction, wanted.ValidationFraction, "validation fraction");
        Require(MultiScale, wanted.MultiScale, "multi-scale share");
        Require(Folds, wanted.Folds, "number of folds");
        Require(Fold, wanted.Fold, "fold");

        void Require<T>(T before, T now, string what)
        {
            if (!EqualityComparer<T>.Default.Equals(before, now))
            {
                throw new TrainingException($"{source}: was made with the {what} {before}, not {now}; give the same, or train anew");
            }
        }
    }
}
