using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_config_attribute</c>: an attribute and the requested lines that it is for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GpioLineConfigAttribute
{
    internal GpioLineAttribute Attribute;
    internal ulong Mask;
}
