using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.V4L2;

/// <summary><c>struct v4l2_buffer</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
internal struct V4l2Buffer
{
    internal const uint FlagError = 0x40;
    internal const uint FlagTimestampMask = 0xe000;
    internal const uint FlagTimestampMonotonic = 0x2000;

    [FieldOffset(0)]
    internal uint Index;
    [FieldOffset(4)]
    internal uint Type;
    [FieldOffset(8)]
    internal uint BytesUsed;
    [FieldOffset(12)]
    internal uint Flags;
    [FieldOffset(16)]
    internal uint Field;
    [FieldOffset(24)]
    internal long Seconds;
    [FieldOffset(32)]
    internal long Microseconds;
    [FieldOffset(56)]
    internal uint Sequence;
    [FieldOffset(60)]
    internal uint Memory;
    [FieldOffset(64)]
    internal uint Offset;
    [FieldOffset(64)]
    internal nint Planes;
    [FieldOffset(72)]
    internal uint Length;
}
