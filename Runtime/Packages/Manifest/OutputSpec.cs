namespace Edge.Packages;

/// <summary>How the model's outputs are read.</summary>
public sealed record OutputSpec
{
    /// <summary>The family of one score a class: <c>[1, classes]</c> float32.</summary>
    public const string Classifier = "classifier";

    /// <summary>The family of models that share a way to read their outputs, such as <see cref="Classifier"/>.</summary>
    public required string Family { get; init; }

    /// <summary>The model's output by name; null for its first.</summary>
    public string? Tensor { get; init; }

    /// <summary>What a classifier's scores are.</summary>
    public ScoreKind Scores { get; set; } = ScoreKind.Logits;

    /// <summary>Results below this probability are not reported; 0 to 1.</summary>
    public float Threshold { get; init; }

    /// <summary>How many classes a result names, best first; 1 to 100.</summary>
    public int TopK { get; set; } = 1;

    /// <summary>Checks every field.</summary>
    /// <exception cref="PackageException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Check.That(Family.Length is > 0 and <= 64, "output.family", "must be 1 to 64 characters");
        Check.That(Tensor is null || Tensor.Length is > 0 and <= 1024, "output.tensor", "must be 1 to 1024 characters");
        Check.That(Threshold is >= 0 and <= 1, "output.threshold", "must be 0 to 1");
        Check.That(TopK is >= 1 and <= 100, "output.topK", "must be 1 to 100");
    }
}
