namespace Edge.Packages;

/// <summary>Inputs with the outputs that the model gave when it was packaged; a device runs them before it trusts the model.</summary>
public sealed record GoldenSpec
{
    /// <summary>How far an output may be from the expected one: <c>|x − e| ≤ absolute + relative · |e|</c>.</summary>
    public float AbsoluteTolerance { get; set; } = 1e-3f;

    /// <summary>See <see cref="AbsoluteTolerance"/>.</summary>
    public float RelativeTolerance { get; set; } = 1e-3f;

    /// <summary>The cases, at most 1,000.</summary>
    public required IReadOnlyList<GoldenCase> Cases { get; init; }

    internal void Validate()
    {
        Check.That(float.IsFinite(AbsoluteTolerance) && AbsoluteTolerance >= 0, "golden.absoluteTolerance", "must not be negative");
        Check.That(float.IsFinite(RelativeTolerance) && RelativeTolerance >= 0, "golden.relativeTolerance", "must not be negative");
        Check.That(Cases.Count <= 1000, "golden.cases", "must be 1,000 at most");
    }
}
