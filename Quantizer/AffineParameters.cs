namespace Edge.Quantizer;

/// <summary>
/// The affine map of the ONNX operators QuantizeLinear and DequantizeLinear: <c>q = clamp(round(x / Scale) + ZeroPoint)</c>,
/// <c>x = (q − ZeroPoint) · Scale</c>.
/// </summary>
/// <param name="Scale">The step; above 0.</param>
/// <param name="ZeroPoint">The whole number that stands for 0.</param>
public readonly record struct AffineParameters(float Scale, int ZeroPoint)
{
    // Below this a step times a step would leave the range in which float32 is exact enough.
    private const float SmallestScale = 1e-12f;

    /// <summary>An unsigned 8-bit map onto a range, widened to hold 0 exactly, so that padding costs no error.</summary>
    /// <param name="range">The values to keep.</param>
    public static AffineParameters UInt8(TensorRange range)
    {
        float minimum = Math.Min(range.Minimum, 0);
        float maximum = Math.Max(range.Maximum, 0);
        // The difference of two finite floats may overflow; that of their 255th parts cannot.
        float scale = Math.Max((maximum / 255) - (minimum / 255), SmallestScale);
        int zero = (int)Math.Clamp(MathF.Round(-minimum / scale, MidpointRounding.ToEven), 0, 255);
        return new AffineParameters(scale, zero);
    }

    /// <summary>A signed map with 0 in the middle.</summary>
    /// <param name="largest">The largest size among the values.</param>
    /// <param name="steps">How many steps it takes: 127 for 8 bits, 63 for 7.</param>
    public static AffineParameters Symmetric(float largest, int steps) => new(Math.Max(largest / steps, SmallestScale), 0);
}
