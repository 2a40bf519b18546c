using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_plane</c>: one memory of a multi-planar buffer.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct V4l2Plane
{
    [FieldOffset(0)]
    internal uint BytesUsed;
    [FieldOffset(4)]
    internal uint Length;
    [FieldOffset(8)]
    internal uint Offset;
    [FieldOffset(16)]
    internal uint DataOffset;
}
