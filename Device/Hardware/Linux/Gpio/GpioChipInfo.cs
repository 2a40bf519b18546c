using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.Gpio;

/// <summary><c>struct gpiochip_info</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct GpioChipInfo
{
    internal fixed byte Name[32];
    internal fixed byte Label[32];
    internal uint Lines;
}
