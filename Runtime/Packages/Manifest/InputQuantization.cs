namespace Edge.Packages;

/// <summary>How a normalised value v becomes an 8-bit element: <c>round(v ÷ scale) + zeroPoint</c>, ties to even, saturated.</summary>
public sealed record InputQuantization
{
    /// <summary>The step between two elements, positive.</summary>
    public required float Scale { get; init; }

    /// <summary>The element that stands for 0; within the element type.</summary>
    public int ZeroPoint { get; init; }

    internal void Validate(InputType type)
    {
        (int lowest, int highest) = type == InputType.Int8 ? ((int)sbyte.MinValue, (int)sbyte.MaxValue) : (byte.MinValue, byte.MaxValue);
        Check.That(float.IsFinite(Scale) && Scale > 0, "input.quantization.scale", "must be positive");
        Check.That(ZeroPoint >= lowest && ZeroPoint <= highest, "input.quantization.zeroPoint", $"must be {lowest} to {highest}");
    }
}
