namespace Edge.Graph.Serialization;

/// <summary>
/// Adds up what a file would take in memory, before anything of it is built. A message of two bytes becomes an object of
/// hundreds, so a small file of nothing but empty messages could fill the machine.
/// </summary>
internal static class MessageScan
{
    // What real files hold beside nodes and tensors takes less than that; weights take twice their bytes.
    private const long AllowedPerByte = 24;
    private const long AllowedAnyway = 32L << 20;
    // What the parser makes of one entry under an unknown number: a table, a field, a list.
    private const int UnknownCost = 400;
    // The parser's own limit on messages in messages.
    private const int MaximumDepth = 100;

    /// <summary>Lets a file pass whose objects are in proportion to its bytes. What is malformed passes too: the parser says what is wrong.</summary>
    /// <exception cref="ModelFormatException">The file would take too much memory.</exception>
    internal static void Check(ReadOnlySpan<byte> bytes, string source)
    {
        long allowed = AllowedAnyway + (AllowedPerByte * bytes.Length);
        long total = 0;
        if (!Scan(bytes, MessageShape.Model, 0, allowed, ref total))
        {
            throw new ModelFormatException($"{source}: its {bytes.Length} bytes hold so many empty or tiny parts that they would take more than {allowed >> 20} MB in memory; no exporter writes such a file");
        }
    }

    private static bool Scan(ReadOnlySpan<byte> bytes, MessageShape shape, int depth, long allowed, ref long total)
    {
        long before = total;
        total += shape.Cost;
        ulong seen = 0;
        int place = 0;
        // In a group, which the format does not use, every number is unknown.
        int groups = 0;
        while (place < bytes.Length)
        {
            if (total > allowed)
            {
                return false;
            }
            if (!TryReadVarint(bytes, ref place, out ulong tag))
            {
                return true;
            }
            FieldShape field = groups == 0 && tag >> 3 <= int.MaxValue ? shape.Field((int)(tag >> 3)) : default;
            total += field.IsKnown ? field.Extra : UnknownCost;
            seen |= tag >> 3 < 64 ? 1UL << (int)(tag >> 3) : 0;
            switch (tag & 7)
            {
                case 0:
                    // A list of numbers doubles as it grows.
                    total += 2 * field.ElementBytes;
                    if (!TryReadVarint(bytes, ref place, out _))
                    {
                        return true;
                    }
                    break;
                case 1:
                    total += 2 * field.ElementBytes;
                    place += 8;
                    break;
                case 5:
                    total += 2 * field.ElementBytes;
                    place += 4;
                    break;
                case 2:
                    if (!TryReadVarint(bytes, ref place, out ulong length) || length > (ulong)(bytes.Length - place))
                    {
                        return true;
                    }
                    if (!ScanContent(bytes.Slice(place, (int)length), field, depth, allowed, ref total))
                    {
                        return false;
                    }
                    place += (int)length;
                    break;
                case 3:
                    groups++;
                    break;
                case 4:
                    groups--;
                    break;
                default:
                    return true;
            }
        }
        if (shape.Expected != 0 && (seen & shape.Expected) == shape.Expected)
        {
            total = Math.Max(before, total - shape.Discount);
        }
        return total <= allowed;
    }

    private static bool ScanContent(ReadOnlySpan<byte> content, FieldShape field, int depth, long allowed, ref long total)
    {
        if (field.Message is { } message)
        {
            return depth >= MaximumDepth || Scan(content, message, depth + 1, allowed, ref total);
        }
        if (field.ElementBytes > 0)
        {
            // A list may double as it grows, and the tensor is a copy.
            total += 3L * (field.IsFixed ? content.Length : (long)field.ElementBytes * Numbers(content));
        }
        else
        {
            total += 88 + (2L * content.Length);
        }
        return total <= allowed;
    }

    // Each number ends with the byte whose highest bit is clear.
    private static int Numbers(ReadOnlySpan<byte> content)
    {
        int count = 0;
        foreach (byte item in content)
        {
            count += item < 0x80 ? 1 : 0;
        }
        return count;
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int place, out ulong value)
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
}
