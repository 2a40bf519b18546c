using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_capability</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2Capability
{
    internal const uint VideoCapture = 0x1;
    internal const uint VideoCaptureMultiplanar = 0x1000;
    internal const uint Streaming = 0x0400_0000;
    internal const uint DeviceCapsValid = 0x8000_0000;

    internal fixed byte Driver[16];
    internal fixed byte Card[32];
    internal fixed byte BusInfo[32];
    internal uint Version;
    internal uint Capabilities;
    internal uint DeviceCaps;
    internal fixed uint Reserved[3];

    /// <summary>What this very device file can do.</summary>
    internal readonly uint Effective => (Capabilities & DeviceCapsValid) != 0 ? DeviceCaps : Capabilities;
}
