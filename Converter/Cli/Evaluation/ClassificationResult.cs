using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation;

/// <summary>How right a classifier is.</summary>
internal sealed record ClassificationResult
{
    /// <summary>What was judged, as logits.</summary>
    public required Predictions Predictions { get; init; }

    /// <summary>The probabilities, [N, classes].</summary>
    public required float[] Probabilities { get; init; }

    /// <summary>The names of the classes that the model tells apart.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>What was taken for what.</summary>
    public required ConfusionMatrix Matrix { get; init; }

    /// <summary>Where the accuracy lies.</summary>
    public required ConfidenceInterval AccuracyInterval { get; init; }

    /// <summary>Where the macro F1 lies.</summary>
    public required ConfidenceInterval F1Interval { get; init; }

    /// <summary>The share of samples with their class among the best k, by k.</summary>
    public required IReadOnlyDictionary<int, double> TopK { get; init; }

    /// <summary>Each class against the rest.</summary>
    public required IReadOnlyList<RocCurve> Roc { get; init; }

    /// <summary>Each class against the rest.</summary>
    public required IReadOnlyList<PrecisionRecallCurve> PrecisionRecall { get; init; }

    /// <summary>By class.</summary>
    public required IReadOnlyList<ClassRow> Classes { get; init; }

    /// <summary>Whether confidence means anything.</summary>
    public required CalibrationFacts Calibration { get; init; }

    /// <summary>By group; null where none are known.</summary>
    public IReadOnlyList<GroupAccuracy>? Groups { get; init; }
}
