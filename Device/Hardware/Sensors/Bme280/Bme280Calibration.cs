using System.Buffers.Binary;

namespace Edge.Hardware.Sensors.Bme280;

/// <summary>
/// The numbers that a chip was given at the factory, and the formulas that use them, in the integers of the datasheet
/// (BST-BME280-DS002 rev. 1.6, sections 4.2.2 and 4.2.3). Hostile numbers wrap around; they never fail.
/// </summary>
internal readonly struct Bme280Calibration
{
    internal const byte FirstRegister = 0x88;
    internal const int FirstLength = 26;
    internal const byte SecondRegister = 0xe1;
    internal const int SecondLength = 7;

    private readonly ushort _t1;
    private readonly short _t2;
    private readonly short _t3;
    private readonly ushort _p1;
    private readonly short _p2;
    private readonly short _p3;
    private readonly short _p4;
    private readonly short _p5;
    private readonly short _p6;
    private readonly short _p7;
    private readonly short _p8;
    private readonly short _p9;
    private readonly byte _h1;
    private readonly short _h2;
    private readonly byte _h3;
    private readonly short _h4;
    private readonly short _h5;
    private readonly sbyte _h6;

    internal Bme280Calibration(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        _t1 = BinaryPrimitives.ReadUInt16LittleEndian(first);
        _t2 = BinaryPrimitives.ReadInt16LittleEndian(first[2..]);
        _t3 = BinaryPrimitives.ReadInt16LittleEndian(first[4..]);
        _p1 = BinaryPrimitives.ReadUInt16LittleEndian(first[6..]);
        _p2 = BinaryPrimitives.ReadInt16LittleEndian(first[8..]);
        _p3 = BinaryPrimitives.ReadInt16LittleEndian(first[10..]);
        _p4 = BinaryPrimitives.ReadInt16LittleEndian(first[12..]);
        _p5 = BinaryPrimitives.ReadInt16LittleEndian(first[14..]);
        _p6 = BinaryPrimitives.ReadInt16LittleEndian(first[16..]);
        _p7 = BinaryPrimitives.ReadInt16LittleEndian(first[18..]);
        _p8 = BinaryPrimitives.ReadInt16LittleEndian(first[20..]);
        _p9 = BinaryPrimitives.ReadInt16LittleEndian(first[22..]);
        _h1 = first[25];
        _h2 = BinaryPrimitives.ReadInt16LittleEndian(second);
        _h3 = second[2];
        // Two numbers of 12 bits share a byte.
        _h4 = (short)(((sbyte)second[3] << 4) | (second[4] & 0x0f));
        _h5 = (short)(((sbyte)second[5] << 4) | (second[4] >> 4));
        _h6 = (sbyte)second[6];
    }

    /// <summary>Hundredths of a degree; 2508 is 25.08 °C.</summary>
    internal int Temperature(int raw, out int fine)
    {
        int first = (((raw >> 3) - (_t1 << 1)) * _t2) >> 11;
        int second = (((((raw >> 4) - _t1) * ((raw >> 4) - _t1)) >> 12) * _t3) >> 14;
        fine = first + second;
        return ((fine * 5) + 128) >> 8;
    }

    /// <summary>Pascals times 256; 0 where the calibration would divide by zero.</summary>
    internal uint Pressure(int raw, int fine)
    {
        long first = (long)fine - 128_000;
        long second = first * first * _p6;
        second += (first * _p5) << 17;
        second += (long)_p4 << 35;
        first = ((first * first * _p3) >> 8) + ((first * _p2) << 12);
        first = (((1L << 47) + first) * _p1) >> 33;
        if (first == 0)
        {
            return 0;
        }
        long pressure = 1_048_576 - raw;
        pressure = ((pressure << 31) - second) * 3125 / first;
        first = (_p9 * (pressure >> 13) * (pressure >> 13)) >> 25;
        second = (_p8 * pressure) >> 19;
        return (uint)(((pressure + first + second) >> 8) + ((long)_p7 << 4));
    }

    /// <summary>Percent times 1024, 0 to 102,400.</summary>
    internal uint Humidity(int raw, int fine)
    {
        int value = fine - 76_800;
        int left = ((raw << 14) - (_h4 << 20) - (_h5 * value) + 16_384) >> 15;
        int right = (((((((value * _h6) >> 10) * (((value * _h3) >> 11) + 32_768)) >> 10) + 2_097_152) * _h2) + 8192) >> 14;
        value = left * right;
        value -= ((((value >> 15) * (value >> 15)) >> 7) * _h1) >> 4;
        return (uint)(Math.Clamp(value, 0, 419_430_400) >> 12);
    }
}
