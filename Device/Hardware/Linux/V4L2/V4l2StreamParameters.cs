using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_streamparm</c> with <c>struct v4l2_captureparm</c> in its union.</summary>
[StructLayout(LayoutKind.Explicit, Size = 204)]
internal struct V4l2StreamParameters
{
    internal const uint TimePerFrame = 0x1000;

    [FieldOffset(0)]
    internal uint Type;
    [FieldOffset(4)]
    internal uint Capability;
    [FieldOffset(8)]
    internal uint CaptureMode;
    [FieldOffset(12)]
    internal V4l2Fraction Interval;
}
