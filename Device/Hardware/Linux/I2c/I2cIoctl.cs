namespace Edge.Hardware.Linux.I2c;

/// <summary>Request codes and constants of linux/i2c-dev.h and linux/i2c.h.</summary>
internal static class I2cIoctl
{
    internal const uint Slave = 0x0703;
    internal const uint Functions = 0x0705;
    internal const uint ReadWrite = 0x0707;
    internal const uint Smbus = 0x0720;

    internal const ulong FunctionI2c = 0x1;
    internal const ulong FunctionQuick = 0x0001_0000;
    internal const ulong FunctionReadByte = 0x0002_0000;
}
