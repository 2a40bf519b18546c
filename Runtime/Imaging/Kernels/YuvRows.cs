using System.Runtime.CompilerServices;

namespace Edge.Imaging;

/// <summary>Rows of YUV to RGB, BGR or grey: BT.601 in 16-bit fixed point, rounded; a chroma sample holds for all its pixels.</summary>
internal static class YuvRows
{
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);

    /// <summary>Converts one row.</summary>
    /// <param name="view">A YUV image.</param>
    /// <param name="y">The row.</param>
    /// <param name="format">RGB, BGR or grey.</param>
    /// <param name="target">As many pixels as the image has columns.</param>
    internal static void Convert(in PixelView view, int y, PixelFormat format, Span<byte> target)
    {
        bool full = view.Range == PixelRange.Full;
        ReadOnlySpan<byte> luma = view.Row(y);
        int step = view.Format == PixelFormat.Yuyv ? 2 : 1;
        if (format == PixelFormat.Grey8)
        {
            for (int x = 0; x < view.Width; x++)
            {
                target[x] = Clamp((Gain(luma[x * step], full) + Half) >> Bits);
            }
            return;
        }
        ReadOnlySpan<byte> u, v;
        int chromaStep;
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
                chromaStep = 1;
                break;
        }
        (int red, int greenU, int greenV, int blue) = full ? (91881, 22554, 46802, 116130) : (104597, 25675, 53279, 132201);
        (int first, int third) = format == PixelFormat.Rgb24 ? (0, 2) : (2, 0);
        for (int x = 0; x < view.Width; x++)
        {
            int level = Gain(luma[x * step], full) + Half;
            int cb = u[x / 2 * chromaStep] - 128, cr = v[x / 2 * chromaStep] - 128;
            target[(3 * x) + first] = Clamp((level + (red * cr)) >> Bits);
            target[(3 * x) + 1] = Clamp((level - (greenU * cb) - (greenV * cr)) >> Bits);
            target[(3 * x) + third] = Clamp((level + (blue * cb)) >> Bits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Gain(int luma, bool full) => full ? luma << Bits : (luma - 16) * 76309;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
