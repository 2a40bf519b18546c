namespace Edge.Imaging;

/// <summary>Colour to grey as JPEG defines it: 0.299 R + 0.587 G + 0.114 B, in 16-bit fixed point, rounded.</summary>
internal static class LumaKernel
{
    private const int Red = 19595;
    private const int Green = 38470;
    private const int Blue = 7471;

    /// <summary>The luma of one pixel.</summary>
    internal static byte Of(int red, int green, int blue) => (byte)(((Red * red) + (Green * green) + (Blue * blue) + 0x8000) >> 16);
}
