using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_fmtdesc</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2FormatDescription
{
    internal uint Index;
    internal uint Type;
    internal uint Flags;
    internal fixed byte Description[32];
    internal uint PixelFormat;
    internal uint MbusCode;
    internal fixed uint Reserved[3];
}
