using System.Buffers.Binary;

namespace Edge.Packages;

/// <summary>What every level of a pixel becomes in the input tensor: the one arithmetic that host and device share.</summary>
public static class InputLevels
{
    /// <summary>Levels of a pixel.</summary>
    public const int Count = 256;

    /// <summary>Bytes of one element.</summary>
    /// <param name="type">The element type.</param>
    public static int ElementSize(InputType type) => type switch
    {
        InputType.Float32 => sizeof(float),
        InputType.Float16 => sizeof(ushort),
        _ => 1,
    };

    /// <summary>The elements of all levels, little-endian: 256 a channel, channel after channel.</summary>
    /// <param name="spec">A valid input spec.</param>
    public static byte[] Of(InputSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var normalization = new Normalization(spec);
        int size = ElementSize(spec.Dtype);
        byte[] table = new byte[spec.Channels * Count * size];
        for (int i = 0; i < spec.Channels * Count; i++)
        {
            Span<byte> element = table.AsSpan(i * size, size);
            float value = normalization.Apply((byte)(i % Count), i / Count);
            switch (spec.Dtype)
            {
                case InputType.Float32:
                    BinaryPrimitives.WriteSingleLittleEndian(element, value);
                    break;
                case InputType.Float16:
                    BinaryPrimitives.WriteHalfLittleEndian(element, (Half)value);
                    break;
                default:
                    element[0] = spec.Quantization is { } quantization ? Quantize(value, quantization, spec.Dtype) : (byte)value;
                    break;
            }
        }
        return table;
    }

    private static byte Quantize(float value, InputQuantization quantization, InputType type)
    {
        float step = MathF.Round(value / quantization.Scale) + quantization.ZeroPoint;
        return type == InputType.Int8 ? (byte)(sbyte)Math.Clamp(step, sbyte.MinValue, sbyte.MaxValue) : (byte)Math.Clamp(step, byte.MinValue, byte.MaxValue);
    }
}
