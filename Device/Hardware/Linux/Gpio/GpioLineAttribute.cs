using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_attribute</c>: an id and, in a union, flags, values or a debounce period in microseconds.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct GpioLineAttribute
{
    internal const uint IdFlags = 1;
    internal const uint IdOutputValues = 2;
    internal const uint IdDebounce = 3;

    [FieldOffset(0)]
    internal uint Id;
    [FieldOffset(8)]
    internal ulong Values;
    [FieldOffset(8)]
    internal uint DebounceMicroseconds;
}
