namespace Edge.Fleet.Protocol;

/// <summary>What a release must stand on the device before it is kept.</summary>
public sealed record TrialSpec
{
    /// <summary>How long it must run with live frames, 0 to 86,400 s.</summary>
    public double Seconds { get; set; } = 60;

    /// <summary>The most milliseconds that one inference may take, as the median of some runs; 0 sets no limit.</summary>
    public double MaximumInferMs { get; set; }

    /// <summary>The same as a multiple of what the running model takes on the same input; 0 sets no limit.</summary>
    public double MaximumInferRatio { get; set; }

    /// <summary>The most frames that the model may fail on while it is tried.</summary>
    public int MaximumFailures { get; set; }

    /// <summary>Live frames that both the running model and the new one look at before the change, 0 to 10,000; 0 compares nothing.</summary>
    public int CompareFrames { get; set; }

    /// <summary>How far both must see the same in them, 0 to 1: the share of frames with the same best class, or of boxes with the same class and place.</summary>
    public double MinimumAgreement { get; set; }

    internal void Validate(string path)
    {
        Rule.That(Seconds is >= 0 and <= 86_400, $"{path}.seconds", "must be 0 to 86400");
        Rule.That(MaximumInferMs is >= 0 and <= 1e6, $"{path}.maximumInferMs", "must be 0 to 1000000");
        Rule.That(MaximumInferRatio is >= 0 and <= 1e6, $"{path}.maximumInferRatio", "must be 0 to 1000000");
        Rule.That(CompareFrames is >= 0 and <= 10_000, $"{path}.compareFrames", "must be 0 to 10000");
        Rule.That(MinimumAgreement is >= 0 and <= 1, $"{path}.minimumAgreement", "must be 0 to 1");
        Rule.That(MaximumFailures is >= 0, $"{path}.maximumFailures", "must not be negative");
    }
}
