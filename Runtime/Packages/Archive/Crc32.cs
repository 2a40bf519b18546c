namespace Edge.Packages;

/// <summary>The checksum of ZIP entries (ISO 3309, reflected polynomial 0xEDB88320), four bytes a step.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of some bytes.</summary>
    internal static uint Compute(ReadOnlySpan<byte> bytes, uint before = 0)
    {
        uint crc = ~before;
        uint[] table = Table;
        while (bytes.Length >= 4)
        {
            crc ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = table[0x300 + (crc & 0xff)] ^ table[0x200 + ((crc >> 8) & 0xff)] ^ table[0x100 + ((crc >> 16) & 0xff)] ^ table[crc >> 24];
            bytes = bytes[4..];
        }
        foreach (byte b in bytes)
        {
            crc = table[(crc ^ b) & 0xff] ^ (crc >> 8);
        }
        return ~crc;
    }

    // Row r: the effect of a byte that r more bytes follow.
    private static uint[] MakeTable()
    {
        uint[] table = new uint[4 * 256];
        for (uint i = 0; i < 256; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320u);
            }
            table[i] = crc;
        }
        for (int i = 256; i < table.Length; i++)
        {
            table[i] = table[table[i - 256] & 0xff] ^ (table[i - 256] >> 8);
        }
        return table;
    }
}
