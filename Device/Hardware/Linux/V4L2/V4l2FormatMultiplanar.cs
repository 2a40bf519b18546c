using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_format</c> with <c>struct v4l2_pix_format_mplane</c> in its union, and of its eight planes the first.</summary>
[StructLayout(LayoutKind.Explicit, Size = 208)]
internal struct V4l2FormatMultiplanar
{
    [FieldOffset(0)]
    internal uint Type;
    [FieldOffset(8)]
    internal uint Width;
    [FieldOffset(12)]
    internal uint Height;
    [FieldOffset(16)]
    internal uint PixelFormat;
    [FieldOffset(20)]
    internal uint Field;
    [FieldOffset(24)]
    internal uint ColorSpace;
    [FieldOffset(28)]
    internal uint SizeImage;
    [FieldOffset(32)]
    internal uint BytesPerLine;
    [FieldOffset(188)]
    internal byte Planes;
    [FieldOffset(191)]
    internal byte Quantization;
}
