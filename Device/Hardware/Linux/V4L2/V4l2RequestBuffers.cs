using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_requestbuffers</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2RequestBuffers
{
    internal uint Count;
    internal uint Type;
    internal uint Memory;
    internal uint Capabilities;
    internal byte Flags;
    internal fixed byte Reserved[3];
}
