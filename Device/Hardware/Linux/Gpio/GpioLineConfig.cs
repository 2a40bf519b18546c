using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_config</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GpioLineConfig
{
    internal const ulong FlagActiveLow = 1 << 1;
    internal const ulong FlagInput = 1 << 2;
    internal const ulong FlagOutput = 1 << 3;
    internal const ulong FlagRising = 1 << 4;
    internal const ulong FlagFalling = 1 << 5;
    internal const ulong FlagBiasPullUp = 1 << 8;
    internal const ulong FlagBiasPullDown = 1 << 9;
    internal const ulong FlagBiasDisabled = 1 << 10;

    internal ulong Flags;
    internal uint AttributeCount;
    internal fixed uint Padding[5];
    internal Attributes Attribute;

    /// <summary>Ten attributes, as GPIO_V2_LINE_NUM_ATTRS_MAX has it.</summary>
    [InlineArray(10)]
    internal struct Attributes
    {
        private GpioLineConfigAttribute _first;
    }
}
