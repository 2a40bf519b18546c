namespace Edge.Training.Metrics;

/// <summary>The twelve figures of COCO's detection challenge, each 0 to 1, or null where no true box asks for it; and those of each class.</summary>
public sealed record DetectionMetrics
{
    /// <summary>Average precision over the overlaps 0.50, 0.55 … 0.95: COCO's main figure, called mAP.</summary>
    public double? Ap { get; init; }

    /// <summary>Average precision at the overlap 0.50.</summary>
    public double? Ap50 { get; init; }

    /// <summary>Average precision at the overlap 0.75.</summary>
    public double? Ap75 { get; init; }

    /// <summary><see cref="Ap"/> of objects up to 32² pixels.</summary>
    public double? ApSmall { get; init; }

    /// <summary><see cref="Ap"/> of objects from 32² to 96² pixels.</summary>
    public double? ApMedium { get; init; }

    /// <summary><see cref="Ap"/> of objects from 96² pixels.</summary>
    public double? ApLarge { get; init; }

    /// <summary>Average recall with one box a picture and class.</summary>
    public double? Ar1 { get; init; }

    /// <summary>Average recall with ten.</summary>
    public double? Ar10 { get; init; }

    /// <summary>Average recall with a hundred.</summary>
    public double? Ar100 { get; init; }

    /// <summary><see cref="Ar100"/> of objects up to 32² pixels.</summary>
    public double? ArSmall { get; init; }

    /// <summary><see cref="Ar100"/> of objects from 32² to 96² pixels.</summary>
    public double? ArMedium { get; init; }

    /// <summary><see cref="Ar100"/> of objects from 96² pixels.</summary>
    public double? ArLarge { get; init; }

    /// <summary>The classes that have a true box, by number.</summary>
    public required IReadOnlyList<DetectionClassMetrics> Classes { get; init; }
}
