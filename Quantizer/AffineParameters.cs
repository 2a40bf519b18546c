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

    /// <summary>A map onto a range, widened to hold 0 exactly, so that padding costs no error.</summary>
    /// <param name="range">The values to keep.</param>
    /// <param name="type">The numbers that stand for them.</param>
    /// <param name="isSymmetric">Whether 0 must be the number 0, or the middle of an unsigned type.</param>
    public static AffineParameters Of(TensorRange range, QuantizedType type, bool isSymmetric = false)
    {
        (int least, int most) = (type.Minimum(), type.Maximum());
        if (isSymmetric)
        {
            int middle = least < 0 ? 0 : (most + 1) / 2;
            return new AffineParameters(Positive(Math.Max(Math.Abs(range.Minimum), Math.Abs(range.Maximum)) / (most - middle)), middle);
        }
        float minimum = Math.Min(range.Minimum, 0);
        float maximum = Math.Max(range.Maximum, 0);
        int steps = most - least;
        // The difference of two finite floats may overflow; that of their parts cannot.
        float scale = Positive((maximum / steps) - (minimum / steps));
        int zero = (int)Math.Clamp(least + MathF.Round(-minimum / scale, MidpointRounding.ToEven), least, most);
        return new AffineParameters(scale, zero);
    }

    /// <summary>An unsigned 8-bit map onto a range, widened to hold 0 exactly.</summary>
    /// <param name="range">The values to keep.</param>
    public static AffineParameters UInt8(TensorRange range) => Of(range, QuantizedType.UInt8);

    /// <summary>A signed map with 0 in the middle.</summary>
    /// <param name="largest">The largest size among the values.</param>
    /// <param name="steps">How many steps it takes: 127 for 8 bits, 63 for 7.</param>
    public static AffineParameters Symmetric(float largest, int steps) => new(Positive(largest / steps), 0);

    private static float Positive(float scale) => Math.Max(scale, SmallestScale);
}
