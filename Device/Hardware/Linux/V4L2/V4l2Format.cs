using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_format</c> with <c>struct v4l2_pix_format</c> in its union, which begins at 8 for its pointers' sake.</summary>
[StructLayout(LayoutKind.Explicit, Size = 208)]
internal struct V4l2Format
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
    internal uint BytesPerLine;
    [FieldOffset(28)]
    internal uint SizeImage;
    [FieldOffset(32)]
    internal uint ColorSpace;
    [FieldOffset(36)]
    internal uint Private;
    [FieldOffset(40)]
    internal uint Flags;
    [FieldOffset(44)]
    internal uint YcbcrEncoding;
    [FieldOffset(48)]
    internal uint Quantization;
    [FieldOffset(52)]
    internal uint TransferFunction;
}
