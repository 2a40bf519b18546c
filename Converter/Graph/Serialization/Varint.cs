namespace Edge.Graph.Serialization;

/// <summary>Whole numbers as the file format writes them: seven bits a byte, the lowest first.</summary>
internal static class Varint
{
    /// <summary>Reads one; false where it is cut short or longer than 64 bits.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, ref int place, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 64 && place < bytes.Length; shift += 7)
        {
            byte next = bytes[place++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>How many lie in these bytes: each ends with the byte whose highest bit is clear.</summary>
    internal static int Count(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (byte item in bytes)
        {
            count += item < 0x80 ? 1 : 0;
        }
        return count;
    }
}
