using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.I2c;

/// <summary><c>union i2c_smbus_data</c> (linux/i2c.h): a byte, or a length and so many bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SmbusData
{
    internal const int MaximumBlock = 32;

    internal fixed byte Block[MaximumBlock + 2];
}
