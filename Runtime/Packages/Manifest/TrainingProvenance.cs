namespace Edge.Packages;

/// <summary>Where a model's weights come from.</summary>
public sealed record TrainingProvenance
{
    /// <summary>The data set, such as <c>fashion-mnist</c>.</summary>
    public string? DataSet { get; init; }

    /// <summary>SHA-256 over the training samples, in hexadecimal digits.</summary>
    public string? DataFingerprint { get; init; }

    /// <summary>SHA-256 of the recipe's text, in hexadecimal digits.</summary>
    public string? Recipe { get; init; }

    /// <summary>The architecture, such as <c>convnet</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>The seed of every random choice.</summary>
    public long? Seed { get; init; }

    /// <summary>Times through the data.</summary>
    public int? Epochs { get; init; }

    /// <summary>How many samples it was trained on.</summary>
    public long? Samples { get; init; }

    /// <summary>The program that trained it, with its version.</summary>
    public string? Tool { get; init; }

    /// <summary>Figures by name, such as <c>accuracy</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; set; } = new Dictionary<string, double>();

    internal void Validate()
    {
        Check.That(Epochs is not < 0, "training.epochs", "must not be negative");
        Check.That(Samples is not < 0, "training.samples", "must not be negative");
        foreach ((string name, double value) in Metrics)
        {
            Check.That(name.Length is > 0 and <= 64 && double.IsFinite(value), "training.metrics", "must be finite numbers with names of 1 to 64 characters");
        }
    }
}
