using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_event</c>; the time is of the monotonic clock, in nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GpioLineEvent
{
    internal const uint RisingEdge = 1;
    internal const uint FallingEdge = 2;

    internal ulong Nanoseconds;
    internal uint Id;
    internal uint Offset;
    internal uint Sequence;
    internal uint LineSequence;
    internal fixed uint Padding[6];
}
