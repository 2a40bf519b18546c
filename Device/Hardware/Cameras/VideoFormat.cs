using Edge.Hardware.Linux.V4L2;

namespace Edge.Hardware.Cameras;

/// <summary>What a driver gives of a picture's format, in either of V4L2's words for it.</summary>
/// <param name="PixelFormat">The four characters.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Field">The order of half pictures.</param>
/// <param name="BytesPerLine">From one row to the next.</param>
/// <param name="ColorSpace">The colours.</param>
/// <param name="Quantization">The levels.</param>
/// <param name="Memories">In how many memories a picture lies.</param>
internal readonly record struct VideoFormat(uint PixelFormat, uint Width, uint Height, uint Field, uint BytesPerLine, uint ColorSpace, uint Quantization, int Memories)
{
    internal static VideoFormat Of(in V4l2Format format) =>
        new(format.PixelFormat, format.Width, format.Height, format.Field, format.BytesPerLine, format.ColorSpace, format.Quantization, 1);

    internal static VideoFormat Of(in V4l2FormatMultiplanar format) =>
        new(format.PixelFormat, format.Width, format.Height, format.Field, format.BytesPerLine, format.ColorSpace, format.Quantization, format.Planes);
}
