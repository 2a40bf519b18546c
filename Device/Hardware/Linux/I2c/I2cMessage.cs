using System.Runtime.InteropServices;

namespace Edge.Hardware.Linux.I2c;

/// <summary><c>struct i2c_msg</c> (linux/i2c.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal unsafe struct I2cMessage
{
    internal const ushort FlagRead = 1;

    [FieldOffset(0)]
    internal ushort Address;
    [FieldOffset(2)]
    internal ushort Flags;
    [FieldOffset(4)]
    internal ushort Length;
    [FieldOffset(8)]
    internal byte* Buffer;
}
