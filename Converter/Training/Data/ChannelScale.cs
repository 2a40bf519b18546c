using System.Numerics;
using System.Runtime.InteropServices;
using Edge.Packages;

namespace Edge.Training.Data;

/// <summary>
/// Scales the channels of a sample: <c>value · a + b</c>, the product rounded before the sum, as on the device; a
/// value that is missing (NaN) becomes 0, which is the mean.
/// </summary>
internal static class ChannelScale
{
    public static void Apply(Span<float> values, Field field, Normalization normalization)
    {
        int inner = 1;
        for (int axis = field.Shape.Length - 1; axis > (field.ChannelAxis ?? -1); axis--)
        {
            inner *= field.Shape[axis];
        }
        int channels = field.Channels;
        for (int start = 0, channel = 0; start < values.Length; start += inner)
        {
            Apply(values.Slice(start, inner), normalization.Multiply[channel], normalization.Add[channel]);
            channel = channel + 1 == channels ? 0 : channel + 1;
        }
    }

    /// <summary>Bytes as numbers.</summary>
    public static void Widen(ReadOnlySpan<byte> source, Span<float> target)
    {
        ReadOnlySpan<Vector<byte>> blocks = MemoryMarshal.Cast<byte, Vector<byte>>(source);
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(target[..source.Length]);
        for (int i = 0; i < blocks.Length; i++)
        {
            Vector.Widen(blocks[i], out Vector<ushort> low, out Vector<ushort> high);
            Vector.Widen(low, out Vector<uint> first, out Vector<uint> second);
            Vector.Widen(high, out Vector<uint> third, out Vector<uint> fourth);
            // Signed numbers convert faster, and bytes are never negative.
            wide[4 * i] = Vector.ConvertToSingle(Vector.AsVectorInt32(first));
            wide[(4 * i) + 1] = Vector.ConvertToSingle(Vector.AsVectorInt32(second));
            wide[(4 * i) + 2] = Vector.ConvertToSingle(Vector.AsVectorInt32(third));
            wide[(4 * i) + 3] = Vector.ConvertToSingle(Vector.AsVectorInt32(fourth));
        }
        for (int i = blocks.Length * Vector<byte>.Count; i < source.Length; i++)
        {
            target[i] = source[i];
        }
    }

    private static void Apply(Span<float> values, float multiply, float add)
    {
        Span<Vector<float>> blocks = MemoryMarshal.Cast<float, Vector<float>>(values);
        var factor = new Vector<float>(multiply);
        var term = new Vector<float>(add);
        for (int i = 0; i < blocks.Length; i++)
        {
            Vector<float> product = blocks[i] * factor;
            Vector<float> sum = product + term;
            // Nothing but NaN differs from itself.
            blocks[i] = Vector.BitwiseAnd(sum, Vector.AsVectorSingle(Vector.Equals(sum, sum)));
        }
        for (int i = blocks.Length * Vector<float>.Count; i < values.Length; i++)
        {
            float product = values[i] * multiply;
            float sum = product + add;
            values[i] = float.IsNaN(sum) ? 0 : sum;
        }
    }
}
