using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_values</c>: a bit a line, in the order of the request.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineValues
{
    internal ulong Bits;
    internal ulong Mask;
}
