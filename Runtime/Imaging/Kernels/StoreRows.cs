using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Edge.Imaging;

/// <summary>
/// The inner loops from resampled bytes to tensors. Products and sums are rounded one by one, never fused, so that vectors and
/// the scalar code that finishes a row give the same bits.
/// </summary>
internal static class StoreRows
{
    /// <summary>Bytes to floats; <c>target[i] = source[i]</c>.</summary>
    internal static void Widen(ReadOnlySpan<byte> source, Span<float> target)
    {
        int i = 0;
        for (; Vector128.IsHardwareAccelerated && i + 16 <= source.Length; i += 16)
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

    /// <summary>Bytes of one channel; <c>target[i] = source[i] · multiply + add</c>.</summary>
    internal static void Scale(ReadOnlySpan<byte> source, float multiply, float add, Span<float> target)
    {
        Vector128<float> multiplies = Vector128.Create(multiply), adds = Vector128.Create(add);
        int i = 0;
        for (; Vector128.IsHardwareAccelerated && i + 16 <= source.Length; i += 16)
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
        for (; Vector128.IsHardwareAccelerated && i + 16 <= count; i += 16)
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
        for (; Vector128.IsHardwareAccelerated && i + 12 <= pixels.Length; i += 12)
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

    /// <summary>Bytes of one channel through a table; <c>target[x] = levels[source[x]]</c>.</summary>
    internal static void Map1<T>(ReadOnlySpan<byte> source, ReadOnlySpan<T> levels, Span<T> target)
    {
        levels = levels[..256];
        for (int x = 0; x < source.Length; x++)
        {
            target[x] = levels[source[x]];
        }
    }

    /// <summary>Pixels of three bytes through a table a channel, kept side by side.</summary>
    internal static void Map3<T>(ReadOnlySpan<byte> source, ReadOnlySpan<T> levels, Span<T> target)
    {
        ReadOnlySpan<T> first = levels[..256], second = levels.Slice(256, 256), third = levels.Slice(512, 256);
        for (int i = 0; i + 3 <= source.Length; i += 3)
        {
            target[i] = first[source[i]];
            target[i + 1] = second[source[i + 1]];
            target[i + 2] = third[source[i + 2]];
        }
    }

    /// <summary>Pixels of three bytes through a table a channel, taken apart.</summary>
    internal static void MapSplit3<T>(ReadOnlySpan<byte> source, ReadOnlySpan<T> levels, Span<T> one, Span<T> two, Span<T> three)
    {
        ReadOnlySpan<T> first = levels[..256], second = levels.Slice(256, 256), third = levels.Slice(512, 256);
        for (int x = 0; x < one.Length; x++)
        {
            one[x] = first[source[3 * x]];
            two[x] = second[source[(3 * x) + 1]];
            three[x] = third[source[(3 * x) + 2]];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static (Vector128<float>, Vector128<float>, Vector128<float>, Vector128<float>) ToFloats(Vector128<byte> bytes)
    {
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
        (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
        // Signed conversion is one instruction everywhere; bytes are never negative.
        return (Vector128.ConvertToSingle(a.AsInt32()), Vector128.ConvertToSingle(b.AsInt32()), Vector128.ConvertToSingle(c.AsInt32()), Vector128.ConvertToSingle(d.AsInt32()));
    }
}
