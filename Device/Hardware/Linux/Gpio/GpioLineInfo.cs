using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GpioLineInfo
{
    internal const ulong FlagUsed = 1;

    internal fixed byte Name[32];
    internal fixed byte Consumer[32];
    internal uint Offset;
    internal uint AttributeCount;
    internal ulong Flags;
    internal Attributes Attribute;
    internal fixed uint Padding[4];

    /// <summary>Ten attributes, as GPIO_V2_LINE_NUM_ATTRS_MAX has it.</summary>
    [InlineArray(10)]
    internal struct Attributes
    {
        private GpioLineAttribute _first;
    }
}
