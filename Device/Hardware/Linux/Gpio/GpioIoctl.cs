namespace Edge.Hardware.Linux.Gpio;

/// <summary>Request codes of linux/gpio.h, version 2.</summary>
internal static class GpioIoctl
{
    internal static readonly uint ChipInfo = Ioctl.Read<GpioChipInfo>('\xb4', 1);
    internal static readonly uint LineInfo = Ioctl.Both<GpioLineInfo>('\xb4', 5);
    internal static readonly uint RequestLines = Ioctl.Both<GpioLineRequest>('\xb4', 7);
    internal static readonly uint GetValues = Ioctl.Both<GpioLineValues>('\xb4', 14);
    internal static readonly uint SetValues = Ioctl.Both<GpioLineValues>('\xb4', 15);
}
