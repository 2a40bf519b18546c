using Edge.Graph.Protobuf;
using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>
/// Adds up what a file would take in memory, before anything of it is built. A message of two bytes becomes an object of
/// hundreds, so a small file of nothing but empty messages could fill the machine.
/// </summary>
internal static class MessageScan
{
    /// <summary>What reading, verifying and inferring may take for each byte of a file…</summary>
    internal const long AllowedPerByte = 8;

    /// <summary>…and beyond that.</summary>
    internal const long AllowedAnyway = 64 << 20;

    // Kept free for what is there without any model, and for what inference may know beyond the types of values.
    private const long Reserve = 24 << 20;
    // What the parser makes of one entry under an unknown number: a table, a field, a list.
    private const int UnknownCost = 400;
    // A list doubles as it grows; for a moment the old and the new one are there.
    private const int Growth = 3;
    // A long list of numbers leaves holes in the heap as it grows, which nothing else fills.
    private const int NumberGrowth = 2 * Growth;
    // The parser's own limit on messages in messages, from the parts on that are parsed by themselves.
    private const int MaximumDepth = 104;
    private const int ListStart = 88;
    private const int ObjectBytes = 40;

    /// <summary>Lets a file pass whose objects are in proportion to its bytes. What is malformed passes too: the parser says what is wrong.</summary>
    /// <exception cref="ModelFormatException">The file would take too much memory.</exception>
    internal static void Check(ReadOnlySpan<byte> bytes, string source)
    {
        long allowed = Allowed(bytes.Length);
        if (Price(bytes, allowed) > allowed)
        {
            throw new ModelFormatException($"{source}: its {bytes.Length} bytes hold so many empty or tiny parts that they would take more than {allowed >> 20} MB in memory, {AllowedPerByte} times the file and {(AllowedAnyway - Reserve) >> 20} MB; no exporter writes such a file: export the model again");
        }
    }

    /// <summary>The highest price that a file may have.</summary>
    internal static long Allowed(long bytes) => (AllowedPerByte * bytes) + AllowedAnyway - Reserve;

    /// <summary>What a file takes at most, in bytes, itself included; where it is more than <paramref name="limit"/>, some number above that.</summary>
    internal static long Price(ReadOnlySpan<byte> bytes, long limit = long.MaxValue)
    {
        var price = new MessagePrice(limit) { Kept = bytes.Length };
        Scan(bytes, MessageShape.Model, 0, isApart: true, price);
        return price.Total;
    }

    // What is apart is not the parser's but for what stands behind a group.
    private static void Scan(ReadOnlySpan<byte> bytes, MessageShape shape, int depth, bool isApart, MessagePrice price)
    {
        price.Kept += shape.Kept;
        price.Parsed += shape.Parsed;
        ulong seen = 0;
        int place = 0;
        // In a group, which the format does not use, every number is unknown.
        int groups = 0;
        while (place < bytes.Length && !price.IsTooHigh && Varint.TryRead(bytes, ref place, out ulong tag))
        {
            // Like the parser: what is beyond 32 bits does not count.
            (int number, WireFormat.WireType wire) = (WireFormat.GetTagFieldNumber((uint)tag), WireFormat.GetTagWireType((uint)tag));
            FieldShape field = groups == 0 ? shape.Field(number) : default;
            field = field.Fits(wire) ? field : default;
            bool isFirst = (seen & (1UL << number)) == 0;
            seen |= 1UL << number;
            price.Kept += field.Kept;
            price.Parsed += !field.IsKnown ? UnknownCost : field.IsRepeated && isFirst ? ListStart : 0;
            bool isDirect = isApart && shape == MessageShape.Tensor && TypedNumbers.IsField(number);
            switch (wire)
            {
                case WireFormat.WireType.Varint when Varint.TryRead(bytes, ref place, out _):
                    AddNumbers(field, field.ElementBytes, isDirect, isExact: false, price);
                    break;
                case WireFormat.WireType.Fixed64:
                case WireFormat.WireType.Fixed32:
                    place += wire == WireFormat.WireType.Fixed64 ? 8 : 4;
                    AddNumbers(field, field.ElementBytes, isDirect, isExact: false, price);
                    break;
                case WireFormat.WireType.LengthDelimited when Varint.TryRead(bytes, ref place, out ulong length) && (uint)length <= bytes.Length - place:
                    ScanContent(bytes.Slice(place, (int)(uint)length), shape, number, field, depth, isApart, price);
                    place += (int)(uint)length;
                    break;
                case WireFormat.WireType.StartGroup:
                    groups++;
                    isApart = false;
                    break;
                case WireFormat.WireType.EndGroup:
                    groups--;
                    break;
                default:
                    return;
            }
        }
    }

    private static void ScanContent(ReadOnlySpan<byte> content, MessageShape shape, int number, FieldShape field, int depth, bool isApart, MessagePrice price)
    {
        if (field.Message is { } message)
        {
            price.Parsed += field.IsRepeated ? Growth * 8 : 0;
            bool isGraph = isApart && shape == MessageShape.Model && message == MessageShape.Graph;
            bool isPart = isApart && shape == MessageShape.Graph && GraphParts.IsPart(number);
            long before = price.Parsed;
            if (depth < MaximumDepth)
            {
                Scan(content, message, depth + 1, isGraph || (isPart && message == MessageShape.Tensor), price);
            }
            if (isPart)
            {
                price.EndPart(before);
            }
        }
        else if (field.ElementBytes > 0)
        {
            long bytes = field.IsFixed ? content.Length : (long)field.ElementBytes * Varint.Count(content);
            AddNumbers(field, bytes, isApart && shape == MessageShape.Tensor && TypedNumbers.IsField(number), field.IsFixed, price);
        }
        else if (field.IsText)
        {
            long text = ObjectBytes + (2L * content.Length);
            // What a node reads has its name from where it is made.
            bool isKept = shape != MessageShape.Node || number != NodeProto.InputFieldNumber;
            price.Parsed += (field.IsRepeated ? Growth * 8 : 0) + (isKept ? 0 : text);
            price.Kept += isKept ? text : 0;
        }
        else
        {
            // The parser's bytes are what a tensor keeps, and are copied for an attribute.
            price.Parsed += (field.IsRepeated ? Growth * 8 : 0) + ObjectBytes + content.Length;
            price.Kept += ObjectBytes + content.Length;
        }
    }

    // Numbers of a list, which the graph keeps as an array; those that are apart are read straight into it.
    private static void AddNumbers(FieldShape field, long bytes, bool isApart, bool isExact, MessagePrice price)
    {
        if (field.ElementBytes > 0)
        {
            price.Kept += bytes;
            price.Parsed += isApart ? 0 : isExact ? bytes : NumberGrowth * bytes;
        }
    }
}
