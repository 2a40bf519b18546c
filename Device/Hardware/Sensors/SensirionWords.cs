using Edge.Hardware.I2c;

namespace Edge.Hardware.Sensors;

/// <summary>Words of 16 bits, each with a checksum behind it, as Sensirion's chips send them.</summary>
internal static class SensirionWords
{
    /// <summary>CRC-8 with the polynomial 0x31, begun with 0xff, nothing reflected: of 0xbe 0xef it is 0x92 (SHT3x datasheet, section 4.12).</summary>
    internal static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte crc = 0xff;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (byte)((crc & 0x80) != 0 ? (crc << 1) ^ 0x31 : crc << 1);
            }
        }
        return crc;
    }

    /// <summary>Reads words and checks each.</summary>
    internal static SensorStatus Read(I2cDevice device, Span<ushort> words)
    {
        Span<byte> bytes = stackalloc byte[words.Length * 3];
        I2cStatus status = device.Read(bytes);
        if (status != I2cStatus.Ok)
        {
            return status == I2cStatus.NoAcknowledge ? SensorStatus.NoAnswer : SensorStatus.BusFailed;
        }
        for (int i = 0; i < words.Length; i++)
        {
            if (Checksum(bytes.Slice(3 * i, 2)) != bytes[(3 * i) + 2])
            {
                return SensorStatus.BadChecksum;
            }
            words[i] = (ushort)((bytes[3 * i] << 8) | bytes[(3 * i) + 1]);
        }
        return SensorStatus.Ok;
    }
}
