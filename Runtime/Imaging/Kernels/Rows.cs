using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Edge.Imaging;

/// <summary>
/// The inner loops between bytes and tensors, in 128-bit vectors, which every machine has. Products and sums are rounded
/// one by one, never fused, so that vector and scalar code give the same bits.
/// </summary>
internal static class Rows
{
    /// <summary>Bytes to floats; <c>target[i] = source[i]</c>.</summary>
    internal static void Widen(ReadOnlySpan<byte> source, Span<float> target)
    {
        int i = 0;
        for (; i + 16 <= source.Length; i += 16)
        {
            (Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) = ToFloats(Vector128.Create(source.Slice(i, 16)));
            a.CopyTo(target[i..]);
            b.CopyTo(target[(i + 4)..]);
            c.CopyTo(target[(i + 8)..]);
            d.CopyTo(target[(i + 12)..]);
        }
        for (; i < source.Length; i++)
        {
            target[i] = source[i];
        }
    }

    /// <summary>Between two rows; <c>target[i] = upper[i] + (lower[i] − upper[i]) · weight</c>.</summary>
    internal static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, float weight, Span<float> target)
    {
        Vector128<float> weights = Vector128.Create(weight);
        int i = 0;
        for (; i + 16 <= upper.Length; i += 16)
        {
            (Vector128<float> a0, Vector128<float> a1, Vector128<float> a2, Vector128<float> a3) = ToFloats(Vector128.Create(upper.Slice(i, 16)));
            (Vector128<float> b0, Vector128<float> b1, Vector128<float> b2, Vector128<float> b3) = ToFloats(Vector128.Create(lower.Slice(i, 16)));
            (a0 + ((b0 - a0) * weights)).CopyTo(target[i..]);
            (a1 + ((b1 - a1) * weights)).CopyTo(target[(i + 4)..]);
            (a2 + ((b2 - a2) * weights)).CopyTo(target[(i + 8)..]);
            (a3 + ((b3 - a3) * weights)).CopyTo(target[(i + 12)..]);
        }
        for (; i < upper.Length; i++)
        {
            float difference = ((float)lower[i] - upper[i]) * weight;
            target[i] = upper[i] + difference;
        }
    }

    /// <summary>Bytes of one channel; <c>target[i] = source[i] · multiply + add</c>.</summary>
    internal static void Scale(ReadOnlySpan<byte> source, float multiply, float add, Span<float> target)
    {
        Vector128<float> multiplies = Vector128.Create(multiply), adds = Vector128.Create(add);
        int i = 0;
        for (; i + 16 <= source.Length; i += 16)
        {
            (Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d) = ToFloats(Vector128.Create(source.Slice(i, 16)));
            ((a * multiplies) + adds).CopyTo(target[i..]);
            ((b * multiplies) + adds).CopyTo(target[(i + 4)..]);
            ((c * multiplies) + adds).CopyTo(target[(i + 8)..]);
            ((d * multiplies) + adds).CopyTo(target[(i + 12)..]);
        }
        for (; i < source.Length; i++)
        {
            float product = source[i] * multiply;
            target[i] = product + add;
        }
    }

    /// <summary>Takes pixels of three bytes apart, one row a channel.</summary>
    internal static void Split3(ReadOnlySpan<byte> source, Span<byte> first, Span<byte> second, Span<byte> third)
    {
        int count = first.Length;
        int i = 0;
        for (; i + 16 <= count; i += 16)
        {
            ReadOnlySpan<byte> pixels = source.Slice(3 * i, 48);
            Vector128<byte> a = Vector128.Create(pixels), b = Vector128.Create(pixels[16..]), c = Vector128.Create(pixels[32..]);
            // An index of 255 gives 0, so each channel is put together from the three loads.
            (Vector128.Shuffle(a, Vector128.Create(0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create(255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13))).CopyTo(first[i..]);
            (Vector128.Shuffle(a, Vector128.Create(1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create(255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14))).CopyTo(second[i..]);
            (Vector128.Shuffle(a, Vector128.Create(2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(b, Vector128.Create(255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
                | Vector128.Shuffle(c, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15))).CopyTo(third[i..]);
        }
        for (; i < count; i++)
        {
            first[i] = source[3 * i];
            second[i] = source[(3 * i) + 1];
            third[i] = source[(3 * i) + 2];
        }
    }

    /// <summary>Pixels of three bytes, kept side by side; <c>target[3x + c] = source[3x + c] · multiply[c] + add[c]</c>.</summary>
    internal static void Scale3(ReadOnlySpan<byte> source, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add, Span<float> target)
    {
        Widen(source, target);
        Scale3(target[..source.Length], multiply, add);
    }

    /// <summary>The same in place, on floats.</summary>
    internal static void Scale3(Span<float> pixels, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add)
    {
        // Twelve floats are four pixels: the channels of three vectors repeat after that.
        Vector128<float> m0 = Vector128.Create(multiply[0], multiply[1], multiply[2], multiply[0]), a0 = Vector128.Create(add[0], add[1], add[2], add[0]);
        Vector128<float> m1 = Vector128.Create(multiply[1], multiply[2], multiply[0], multiply[1]), a1 = Vector128.Create(add[1], add[2], add[0], add[1]);
        Vector128<float> m2 = Vector128.Create(multiply[2], multiply[0], multiply[1], multiply[2]), a2 = Vector128.Create(add[2], add[0], add[1], add[2]);
        int i = 0;
        for (; i + 12 <= pixels.Length; i += 12)
        {
            Span<float> four = pixels.Slice(i, 12);
            ((Vector128.Create<float>(four) * m0) + a0).CopyTo(four);
            ((Vector128.Create<float>(four[4..]) * m1) + a1).CopyTo(four[4..]);
            ((Vector128.Create<float>(four[8..]) * m2) + a2).CopyTo(four[8..]);
        }
        for (; i < pixels.Length; i++)
        {
            float product = pixels[i] * multiply[i % 3];
            pixels[i] = product + add[i % 3];
        }
    }

    /// <summary>Floats of 0 to 255 to the nearest bytes.</summary>
    internal static void Narrow(ReadOnlySpan<float> source, Span<byte> target)
    {
        Vector128<float> half = Vector128.Create(0.5f);
        int i = 0;
        for (; i + 16 <= source.Length; i += 16)
        {
            ReadOnlySpan<float> values = source.Slice(i, 16);
            Vector128<int> a = Vector128.ConvertToInt32(Vector128.Create(values) + half), b = Vector128.ConvertToInt32(Vector128.Create(values[4..]) + half);
            Vector128<int> c = Vector128.ConvertToInt32(Vector128.Create(values[8..]) + half), d = Vector128.ConvertToInt32(Vector128.Create(values[12..]) + half);
            Vector128.Narrow(Vector128.Narrow(a, b).AsUInt16(), Vector128.Narrow(c, d).AsUInt16()).CopyTo(target[i..]);
        }
        for (; i < source.Length; i++)
        {
            target[i] = (byte)(source[i] + 0.5f);
        }
    }

    /// <summary>Between neighbouring values of one channel.</summary>
    internal static void Gather1(ReadOnlySpan<float> source, ReadOnlySpan<int> first, ReadOnlySpan<float> weight, int origin, Span<float> target)
    {
        int last = source.Length - 1;
        for (int x = 0; x < first.Length; x++)
        {
            int left = first[x] - origin;
            float a = source[left];
            float difference = (source[Math.Min(left + 1, last)] - a) * weight[x];
            target[x] = a + difference;
        }
    }

    /// <summary>
    /// Between neighbouring pixels of three channels. One float more than the last pixel is read and written:
    /// <paramref name="source"/> and <paramref name="target"/> must have it, <paramref name="columns"/> does not count it.
    /// </summary>
    internal static void Gather3(ReadOnlySpan<float> source, ReadOnlySpan<int> first, ReadOnlySpan<float> weight, int origin, int columns, Span<float> target)
    {
        int last = columns - 1;
        for (int x = 0; x < first.Length; x++)
        {
            int left = first[x] - origin;
            int right = Math.Min(left + 1, last);
            Vector128<float> a = Vector128.Create(source[(3 * left)..]);
            Vector128<float> b = Vector128.Create(source[(3 * right)..]);
            // The fourth float belongs to the next pixel, which is written after this one.
            (a + ((b - a) * Vector128.Create(weight[x]))).CopyTo(target[(3 * x)..]);
        }
    }

    /// <summary>Takes pixels of three floats apart, one row a channel, each with its own factors.</summary>
    internal static void SplitScale3(ReadOnlySpan<float> source, ReadOnlySpan<float> multiply, ReadOnlySpan<float> add, Span<float> first, Span<float> second, Span<float> third)
    {
        float m0 = multiply[0], m1 = multiply[1], m2 = multiply[2], a0 = add[0], a1 = add[1], a2 = add[2];
        for (int x = 0; x < first.Length; x++)
        {
            float p0 = source[3 * x] * m0, p1 = source[(3 * x) + 1] * m1, p2 = source[(3 * x) + 2] * m2;
            first[x] = p0 + a0;
            second[x] = p1 + a1;
            third[x] = p2 + a2;
        }
    }

    /// <summary>Floats of one channel in place; <c>values[i] = values[i] · multiply + add</c>.</summary>
    internal static void Scale(Span<float> values, float multiply, float add)
    {
        Vector128<float> multiplies = Vector128.Create(multiply), adds = Vector128.Create(add);
        int i = 0;
        for (; i + 4 <= values.Length; i += 4)
        {
            Span<float> four = values.Slice(i, 4);
            ((Vector128.Create<float>(four) * multiplies) + adds).CopyTo(four);
        }
        for (; i < values.Length; i++)
        {
            float product = values[i] * multiply;
            values[i] = product + add;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>) ToFloats(Vector128<byte> bytes)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
        // Signed conversion is one instruction everywhere; bytes are never negative.
        return (Vector128.ConvertToSingle(a.AsInt32()), Vector128.ConvertToSingle(b.AsInt32()), Vector128.ConvertToSingle(c.AsInt32()), Vector128.ConvertToSingle(d.AsInt32()));
    }
}
