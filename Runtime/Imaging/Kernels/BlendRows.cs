using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Edge.Imaging;

/// <summary>
/// The inner loops of <see cref="LinearSampler"/>. Every one has a scalar twin, which gives the same bits and finishes what does
/// not fill a vector.
/// </summary>
internal static class BlendRows
{
    /// <summary>The weight of 1 between rows.</summary>
    internal const int One8 = 256;

    /// <summary>The weight of 1 between columns.</summary>
    internal const int One11 = 2048;

    /// <summary>Elements behind the last one that the gathering loops read and write.</summary>
    internal const int Slack = 8;

    private const int GatherShift = 19;
    private const int GatherHalf = 1 << (GatherShift - 1);

    /// <summary><c>target[i] = 256 · row[i]</c>.</summary>
    internal static void Widen(ReadOnlySpan<byte> row, Span<ushort> target)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + 16 <= row.Length; i += 16)
            {
                (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(Vector128.Create(row.Slice(i, 16)));
                (low << 8).CopyTo(target[i..]);
                (high << 8).CopyTo(target[(i + 8)..]);
            }
        }
        WidenScalar(row[i..], target[i..]);
    }

    /// <summary>The same, one element at a time.</summary>
    internal static void WidenScalar(ReadOnlySpan<byte> row, Span<ushort> target)
    {
        for (int i = 0; i < row.Length; i++)
        {
            target[i] = (ushort)(row[i] << 8);
        }
    }

    /// <summary><c>target[i] = 256 · upper[i] + weight · (lower[i] − upper[i])</c>.</summary>
    /// <param name="upper">A row.</param>
    /// <param name="lower">The row below, as long.</param>
    /// <param name="weight">0 to <see cref="One8"/>.</param>
    /// <param name="target">At least as long.</param>
    internal static void Blend(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int weight, Span<ushort> target)
    {
        int i = 0;
        // The difference may be negative: modulo 2¹⁶ the sum is right all the same.
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<ushort> weights = Vector256.Create((ushort)weight);
            for (; i + 32 <= upper.Length; i += 32)
            {
                (Vector256<ushort> a0, Vector256<ushort> a1) = Vector256.Widen(Vector256.Create(upper.Slice(i, 32)));
                (Vector256<ushort> b0, Vector256<ushort> b1) = Vector256.Widen(Vector256.Create(lower.Slice(i, 32)));
                ((a0 << 8) + ((b0 - a0) * weights)).CopyTo(target[i..]);
                ((a1 << 8) + ((b1 - a1) * weights)).CopyTo(target[(i + 16)..]);
            }
        }
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<ushort> weights = Vector128.Create((ushort)weight);
            for (; i + 16 <= upper.Length; i += 16)
            {
                (Vector128<ushort> a0, Vector128<ushort> a1) = Vector128.Widen(Vector128.Create(upper.Slice(i, 16)));
                (Vector128<ushort> b0, Vector128<ushort> b1) = Vector128.Widen(Vector128.Create(lower.Slice(i, 16)));
                ((a0 << 8) + ((b0 - a0) * weights)).CopyTo(target[i..]);
                ((a1 << 8) + ((b1 - a1) * weights)).CopyTo(target[(i + 8)..]);
            }
        }
        BlendScalar(upper[i..], lower[i..], weight, target[i..]);
    }

    /// <summary>The same, one element at a time.</summary>
    internal static void BlendScalar(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, int weight, Span<ushort> target)
    {
        for (int i = 0; i < upper.Length; i++)
        {
            target[i] = (ushort)((upper[i] << 8) + ((lower[i] - upper[i]) * weight));
        }
    }

    /// <summary>8.8 fixed point to the nearest levels.</summary>
    internal static void Narrow(ReadOnlySpan<ushort> row, Span<byte> target)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<ushort> half = Vector128.Create((ushort)128);
            for (; i + 16 <= row.Length; i += 16)
            {
                ReadOnlySpan<ushort> values = row.Slice(i, 16);
                Vector128.Narrow((Vector128.Create(values) + half) >> 8, (Vector128.Create(values[8..]) + half) >> 8).CopyTo(target[i..]);
            }
        }
        NarrowScalar(row[i..], target[i..]);
    }

    /// <summary>The same, one element at a time.</summary>
    internal static void NarrowScalar(ReadOnlySpan<ushort> row, Span<byte> target)
    {
        for (int i = 0; i < row.Length; i++)
        {
            target[i] = (byte)((row[i] + 128) >> 8);
        }
    }

    /// <summary>Between neighbouring values of one channel, to the nearest levels.</summary>
    /// <param name="row">8.8 fixed point, one element more than the last that is needed.</param>
    /// <param name="first">The left neighbour of each target pixel.</param>
    /// <param name="weight">The right neighbour's weight, 0 to <see cref="One11"/>.</param>
    /// <param name="target">As many levels.</param>
    internal static void Gather1(ReadOnlySpan<ushort> row, ReadOnlySpan<int> first, ReadOnlySpan<int> weight, Span<byte> target)
    {
        for (int x = 0; x < first.Length; x++)
        {
            target[x] = Between(row[first[x]], row[first[x] + 1], weight[x]);
        }
    }

    /// <summary>Between neighbouring pixels of three channels, to the nearest levels.</summary>
    /// <param name="row">8.8 fixed point; <see cref="Slack"/> elements behind the last one that is needed are read.</param>
    /// <param name="first">The left neighbour of each target pixel.</param>
    /// <param name="weight">The right neighbour's weight, 0 to <see cref="One11"/>.</param>
    /// <param name="target">Three levels a pixel; <see cref="Slack"/> elements behind the last one are written.</param>
    internal static void Gather3(ReadOnlySpan<ushort> row, ReadOnlySpan<int> first, ReadOnlySpan<int> weight, Span<byte> target)
    {
        int x = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<byte> pack = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 255, 255, 255, 255);
            for (; x + 4 <= first.Length; x += 4)
            {
                Vector128<short> low = Vector128.Narrow(Pixel(row, first[x], weight[x]), Pixel(row, first[x + 1], weight[x + 1]));
                Vector128<short> high = Vector128.Narrow(Pixel(row, first[x + 2], weight[x + 2]), Pixel(row, first[x + 3], weight[x + 3]));
                Vector128.Shuffle(Vector128.Narrow(low.AsUInt16(), high.AsUInt16()), pack).CopyTo(target[(3 * x)..]);
            }
        }
        Gather3Scalar(row, first[x..], weight[x..], target[(3 * x)..]);
    }

    /// <summary>The same, one element at a time.</summary>
    internal static void Gather3Scalar(ReadOnlySpan<ushort> row, ReadOnlySpan<int> first, ReadOnlySpan<int> weight, Span<byte> target)
    {
        for (int x = 0; x < first.Length; x++)
        {
            int left = 3 * first[x];
            target[3 * x] = Between(row[left], row[left + 3], weight[x]);
            target[(3 * x) + 1] = Between(row[left + 1], row[left + 4], weight[x]);
            target[(3 * x) + 2] = Between(row[left + 2], row[left + 5], weight[x]);
        }
    }

    // Eight values from the left pixel on: three of it, three of its right neighbour, two that are not looked at.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Pixel(ReadOnlySpan<ushort> row, int left, int weight)
    {
        Vector128<ushort> values = Vector128.Create(row.Slice(3 * left, 8));
        Vector128<int> a = Vector128.WidenLower(values).AsInt32();
        Vector128<int> b = Vector128.WidenLower(Vector128.Shuffle(values, Vector128.Create((ushort)3, 4, 5, 6, 7, 7, 7, 7))).AsInt32();
        return ((a << 11) + ((b - a) * Vector128.Create(weight)) + Vector128.Create(GatherHalf)) >> GatherShift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Between(int left, int right, int weight) => (byte)(((left << 11) + ((right - left) * weight) + GatherHalf) >> GatherShift);
}
