using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpio_v2_line_request</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GpioLineRequest
{
    internal const int MaximumLines = 64;

    internal fixed uint Offsets[MaximumLines];
    internal fixed byte Consumer[32];
    internal GpioLineConfig Config;
    internal uint LineCount;
    internal uint EventBufferSize;
    internal fixed uint Padding[5];
    internal int Descriptor;
}
