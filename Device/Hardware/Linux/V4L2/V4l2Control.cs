using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_control</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct V4l2Control
{
    internal uint Id;
    internal int Value;
}
