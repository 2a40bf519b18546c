using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.I2c;

/// <summary><c>struct i2c_smbus_ioctl_data</c> (linux/i2c-dev.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct SmbusTransaction
{
    internal const byte Write = 0;
    internal const byte Read = 1;
    internal const uint Quick = 0;
    internal const uint Byte = 1;
    internal const uint ByteData = 2;
    internal const uint I2cBlock = 8;

    [FieldOffset(0)]
    internal byte Direction;
    [FieldOffset(1)]
    internal byte Command;
    [FieldOffset(4)]
    internal uint Size;
    [FieldOffset(8)]
    internal SmbusData* Data;
}
