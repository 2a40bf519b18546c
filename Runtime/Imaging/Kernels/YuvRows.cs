using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Edge.Imaging;

/// <summary>
/// Rows of YUV to RGB, BGR or grey: BT.601 in 16-bit fixed point, rounded; a chroma sample holds for all its pixels. Vector and
/// scalar code give the same bits.
/// </summary>
internal static class YuvRows
{
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);
    private const int Black = 16;
    private const int NoColor = 128;

    // Luma gain, then what V gives to red, U and V take from green, U gives to blue, times 2¹⁶.
    private static readonly int[] Limited = [76309, 104597, 25675, 53279, 132201];

    private static readonly int[] Full = [1 << Bits, 91881, 22554, 46802, 116130];

    /// <summary>Converts one row.</summary>
    /// <param name="view">A YUV image.</param>
    /// <param name="y">The row.</param>
    /// <param name="format">RGB, BGR or grey.</param>
    /// <param name="target">As many pixels as the image has columns.</param>
    internal static void Convert(in PixelView view, int y, PixelFormat format, Span<byte> target)
    {
        int done = Vector128.IsHardwareAccelerated && format != PixelFormat.Grey8 ? ConvertVectors(view, y, format, target) : 0;
        ConvertScalar(view, y, format, target, done);
    }

    /// <summary>Converts a row from a pixel on, one at a time.</summary>
    internal static void ConvertScalar(in PixelView view, int y, PixelFormat format, Span<byte> target, int from)
    {
        ReadOnlySpan<int> gains = view.Range == PixelRange.Full ? Full : Limited;
        int black = view.Range == PixelRange.Full ? 0 : Black;
        ReadOnlySpan<byte> luma = view.Row(y);
        int step = view.Format == PixelFormat.Yuyv ? 2 : 1;
        if (format == PixelFormat.Grey8)
        {
            for (int x = from; x < view.Width; x++)
            {
                target[x] = Clamp((((luma[x * step] - black) * gains[0]) + Half) >> Bits);
            }
            return;
        }
        int chromaStep = 1;
        ReadOnlySpan<byte> u, v;
        switch (view.Format)
        {
            case PixelFormat.Yuyv:
                u = luma[1..];
                v = luma[3..];
                chromaStep = 4;
                break;
            case PixelFormat.Nv12:
                u = view.Chroma[(y / 2 * view.ChromaStride)..];
                v = u[1..];
                chromaStep = 2;
                break;
            default:
                u = view.Chroma[(y / 2 * view.ChromaStride)..];
                v = view.SecondChroma[(y / 2 * view.ChromaStride)..];
                break;
        }
        (int first, int third) = format == PixelFormat.Rgb24 ? (0, 2) : (2, 0);
        for (int x = from; x < view.Width; x++)
        {
            int level = ((luma[x * step] - black) * gains[0]) + Half;
            int cb = u[x / 2 * chromaStep] - NoColor, cr = v[x / 2 * chromaStep] - NoColor;
            target[(3 * x) + first] = Clamp((level + (gains[1] * cr)) >> Bits);
            target[(3 * x) + 1] = Clamp((level - (gains[2] * cb) - (gains[3] * cr)) >> Bits);
            target[(3 * x) + third] = Clamp((level + (gains[4] * cb)) >> Bits);
        }
    }

    // Eight pixels at a time; returns how many were converted.
    private static int ConvertVectors(in PixelView view, int y, PixelFormat format, Span<byte> target)
    {
        ReadOnlySpan<int> gains = view.Range == PixelRange.Full ? Full : Limited;
        Vector128<short> black = Vector128.Create((short)(view.Range == PixelRange.Full ? 0 : Black)), noColor = Vector128.Create((short)NoColor);
        ReadOnlySpan<byte> luma = view.Row(y);
        ReadOnlySpan<byte> u = view.Chroma.IsEmpty ? [] : view.Chroma[(y / 2 * view.ChromaStride)..];
        ReadOnlySpan<byte> v = view.SecondChroma.IsEmpty ? [] : view.SecondChroma[(y / 2 * view.ChromaStride)..];
        int x = 0;
        for (; x + 8 <= view.Width && (3 * x) + 32 <= target.Length; x += 8)
        {
            Vector128<byte> ys, us, vs;
            if (view.Format == PixelFormat.Yuyv)
            {
                Vector128<byte> packed = Vector128.Create(luma.Slice(2 * x, 16));
                ys = Vector128.Shuffle(packed, Vector128.Create((byte)0, 255, 2, 255, 4, 255, 6, 255, 8, 255, 10, 255, 12, 255, 14, 255));
                us = Vector128.Shuffle(packed, Vector128.Create((byte)1, 255, 1, 255, 5, 255, 5, 255, 9, 255, 9, 255, 13, 255, 13, 255));
                vs = Vector128.Shuffle(packed, Vector128.Create((byte)3, 255, 3, 255, 7, 255, 7, 255, 11, 255, 11, 255, 15, 255, 15, 255));
            }
            else
            {
                ys = Vector128.WidenLower(Load8(luma[x..])).AsByte();
                if (view.Format == PixelFormat.Nv12)
                {
                    Vector128<byte> pairs = Load8(u[x..]);
                    us = Vector128.Shuffle(pairs, Vector128.Create((byte)0, 255, 0, 255, 2, 255, 2, 255, 4, 255, 4, 255, 6, 255, 6, 255));
                    vs = Vector128.Shuffle(pairs, Vector128.Create((byte)1, 255, 1, 255, 3, 255, 3, 255, 5, 255, 5, 255, 7, 255, 7, 255));
                }
                else
                {
                    Vector128<byte> twice = Vector128.Create((byte)0, 255, 0, 255, 1, 255, 1, 255, 2, 255, 2, 255, 3, 255, 3, 255);
                    us = Vector128.Shuffle(Load4(u[(x / 2)..]), twice);
                    vs = Vector128.Shuffle(Load4(v[(x / 2)..]), twice);
                }
            }
            (Vector128<int> y0, Vector128<int> y1) = Vector128.Widen(ys.AsInt16() - black);
            (Vector128<int> u0, Vector128<int> u1) = Vector128.Widen(us.AsInt16() - noColor);
            (Vector128<int> v0, Vector128<int> v1) = Vector128.Widen(vs.AsInt16() - noColor);
            Vector128<int> half = Vector128.Create(Half);
            y0 = (y0 * gains[0]) + half;
            y1 = (y1 * gains[0]) + half;
            Vector128<byte> red = Pack(y0 + (v0 * gains[1]), y1 + (v1 * gains[1]));
            Vector128<byte> green = Pack(y0 - (u0 * gains[2]) - (v0 * gains[3]), y1 - (u1 * gains[2]) - (v1 * gains[3]));
            Vector128<byte> blue = Pack(y0 + (u0 * gains[4]), y1 + (u1 * gains[4]));
            Interleave(format == PixelFormat.Rgb24 ? red : blue, green, format == PixelFormat.Rgb24 ? blue : red, target[(3 * x)..]);
        }
        return x;
    }

    // Eight of each to 24 bytes; 32 are written.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(Vector128<byte> first, Vector128<byte> second, Vector128<byte> third, Span<byte> target)
    {
        Vector128<byte> two = Vector128.Create(first.GetLower(), second.GetLower());
        (Vector128.Shuffle(two, Vector128.Create((byte)0, 8, 255, 1, 9, 255, 2, 10, 255, 3, 11, 255, 4, 12, 255, 5))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255))).CopyTo(target);
        (Vector128.Shuffle(two, Vector128.Create((byte)13, 255, 6, 14, 255, 7, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Vector128.Shuffle(third, Vector128.Create((byte)255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 255, 255, 255, 255, 255, 255))).CopyTo(target[16..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pack(Vector128<int> low, Vector128<int> high)
    {
        Vector128<int> most = Vector128.Create(255);
        low = Vector128.Min(Vector128.Max(low >> Bits, Vector128<int>.Zero), most);
        high = Vector128.Min(Vector128.Max(high >> Bits, Vector128<int>.Zero), most);
        Vector128<short> levels = Vector128.Narrow(low, high);
        return Vector128.Narrow(levels.AsUInt16(), levels.AsUInt16());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load8(ReadOnlySpan<byte> bytes) => Vector128.CreateScalar(BinaryPrimitives.ReadUInt64LittleEndian(bytes)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Load4(ReadOnlySpan<byte> bytes) => Vector128.CreateScalar(BinaryPrimitives.ReadUInt32LittleEndian(bytes)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
