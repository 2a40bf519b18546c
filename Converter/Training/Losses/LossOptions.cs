using Edge.Training.Detection;

namespace Edge.Training.Losses;

/// <summary>Which loss, and how it is set.</summary>
public sealed record LossOptions
{
    /// <summary>One of <see cref="Loss.Names"/>.</summary>
    public string Name { get; init; } = "cross-entropy";

    /// <summary>What a label shares with all classes, from 0 to less than 1; for cross-entropy.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>What a sample of each class counts; null for 1. For cross-entropy and focal.</summary>
    public IReadOnlyList<double>? ClassWeights { get; init; }

    /// <summary>How little counts what is right already; for focal.</summary>
    public double Gamma { get; init; } = 2;

    /// <summary>What a 1 counts beside a 0, for each output; null for 1. For bce.</summary>
    public IReadOnlyList<double>? PositiveWeights { get; init; }

    /// <summary>Whether outputs are logits rather than probabilities; for bce.</summary>
    public bool Logits { get; init; } = true;

    /// <summary>Where the square becomes a straight line; for huber.</summary>
    public double Delta { get; init; } = 1;

    /// <summary>How boxes are judged; for detection.</summary>
    public BoxLoss Box { get; init; }

    /// <summary>What boxes count beside objects; for detection.</summary>
    public double BoxWeight { get; init; } = 5;

    /// <summary>What classes count beside objects; for detection.</summary>
    public double LabelWeight { get; init; } = 1;

    /// <summary>The exponent with which places that are right about objects count less; for detection, 0 for none.</summary>
    public double ObjectGamma { get; init; }

    /// <summary>Columns of the input that boxes are measured in, in pixels; for detection.</summary>
    public int Width { get; init; } = 320;

    /// <summary>Rows of that input; for detection.</summary>
    public int Height { get; init; } = 320;

    /// <summary>Makes the loss; the caller disposes it.</summary>
    /// <exception cref="TrainingException">There is no such loss, or an option makes no sense.</exception>
    public Loss Create()
    {
        try
        {
            return Name switch
            {
                "cross-entropy" => new CrossEntropy(LabelSmoothing, ClassWeights),
                "focal" => new Focal(Gamma, ClassWeights),
                "bce" => new BinaryCrossEntropy(Logits, PositiveWeights),
                "mse" => new MeanSquaredError(),
                "mae" => new MeanAbsoluteError(),
                "huber" => new Huber(Delta),
                "detection" => new DetectionLoss(Width, Height, Box, BoxWeight, ObjectGamma, LabelWeight),
                _ => throw new TrainingException($"loss '{Name}' is unknown: use {string.Join(", ", Loss.Names.SkipLast(1))} or {Loss.Names[^1]}"),
            };
        }
        catch (ArgumentException e)
        {
            throw new TrainingException($"loss '{Name}': {e.Message.Split('\n')[0]}", e);
        }
    }
}
