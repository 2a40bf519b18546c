using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_queryctrl</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct V4l2QueryControl
{
    internal const uint NextControl = 0x8000_0000;
    internal const uint FlagDisabled = 1;
    internal const uint FlagReadOnly = 4;

    internal uint Id;
    internal uint Type;
    internal fixed byte Name[32];
    internal int Minimum;
    internal int Maximum;
    internal int Step;
    internal int Default;
    internal uint Flags;
    internal fixed uint Reserved[2];
}
