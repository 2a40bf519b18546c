using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.I2c;

/// <summary><c>struct i2c_rdwr_ioctl_data</c> (linux/i2c-dev.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct I2cTransaction
{
    [FieldOffset(0)]
    internal I2cMessage* Messages;
    [FieldOffset(8)]
    internal uint Count;
}
