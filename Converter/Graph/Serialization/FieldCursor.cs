using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>
/// Walks the fields of a message where they lie. It stops at a group, which the format does not use, and at damaged bytes:
/// what is behind <see cref="End"/> then is for the parser to judge.
/// </summary>
/// <param name="message">The message.</param>
internal struct FieldCursor(ReadOnlyMemory<byte> message)
{
    private readonly ReadOnlyMemory<byte> _message = message;
    private int _content;

    /// <summary>Where the field begins, its tag included.</summary>
    internal int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    internal int End { get; private set; }

    /// <summary>Its number.</summary>
    internal int Number { get; private set; }

    /// <summary>How it is written.</summary>
    internal WireFormat.WireType Wire { get; private set; }

    /// <summary>What it holds, without tag and length.</summary>
    internal readonly ReadOnlyMemory<byte> Content => _message[_content..End];

    /// <summary>Goes to the next field; false where none can be read.</summary>
    internal bool MoveNext()
    {
        ReadOnlySpan<byte> bytes = _message.Span;
        int place = End;
        if (place >= bytes.Length || !Varint.TryRead(bytes, ref place, out ulong tag) || (uint)tag == 0)
        {
            return false;
        }
        int content = place;
        var wire = WireFormat.GetTagWireType((uint)tag);
        switch (wire)
        {
            case WireFormat.WireType.Varint when Varint.TryRead(bytes, ref place, out _):
                break;
            case WireFormat.WireType.Fixed64 when bytes.Length - place >= 8:
                place += 8;
                break;
            case WireFormat.WireType.Fixed32 when bytes.Length - place >= 4:
                place += 4;
                break;
            case WireFormat.WireType.LengthDelimited when Varint.TryRead(bytes, ref place, out ulong length) && (uint)length <= bytes.Length - place:
                content = place;
                place += (int)(uint)length;
                break;
            default:
                return false;
        }
        (Start, _content, End, Number, Wire) = (End, content, place, WireFormat.GetTagFieldNumber((uint)tag), wire);
        return true;
    }

    /// <summary>Lets the parser have a message but for the fields that are taken out of it.</summary>
    internal static void MergeRest(ReadOnlyMemory<byte> message, IMessage into, Func<FieldCursor, bool> isTaken)
    {
        var cursor = new FieldCursor(message);
        int begin = 0;
        while (cursor.MoveNext())
        {
            if (isTaken(cursor))
            {
                Merge(message.Span[begin..cursor.Start], into);
                begin = cursor.End;
            }
        }
        Merge(message.Span[begin..], into);
    }

    private static void Merge(ReadOnlySpan<byte> run, IMessage into)
    {
        if (!run.IsEmpty)
        {
            into.MergeFrom(run);
        }
    }
}
