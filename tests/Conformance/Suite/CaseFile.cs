using Edge.Graph;
using Google.Protobuf;

namespace Edge.Conformance.Suite;

/// <summary>Reads a case's files: a tensor, a sequence, an optional value or a map, as the graph's type says.</summary>
/// <remarks>Field numbers are those of <c>SequenceProto</c>, <c>OptionalProto</c> and <c>MapProto</c> in the ONNX specification.</remarks>
public static class CaseFile
{
    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its content.</param>
    /// <param name="type">What the graph says of the value.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    public static CaseValue Read(ReadOnlyMemory<byte> bytes, OnnxType? type, string name) => type switch
    {
        SequenceType => Sequence(bytes, name),
        OptionalType => Optional(bytes, name),
        MapType map => Map(bytes, map, name),
        _ => new TensorCaseValue(OnnxTensor.Parse(bytes, name)),
    };

    private static SequenceCaseValue Sequence(ReadOnlyMemory<byte> bytes, string name)
    {
        var items = new List<CaseValue>();
        foreach ((int field, ReadOnlyMemory<byte> content) in Messages(bytes))
        {
            CaseValue? item = field switch
            {
                3 => new TensorCaseValue(OnnxTensor.Parse(content, name)),
                5 => Sequence(content, name),
                7 => Optional(content, name),
                _ => null,
            };
            if (item is not null)
            {
                items.Add(item);
            }
        }
        return new SequenceCaseValue(items);
    }

    private static CaseValue Optional(ReadOnlyMemory<byte> bytes, string name)
    {
        foreach ((int field, ReadOnlyMemory<byte> content) in Messages(bytes))
        {
            switch (field)
            {
                case 3:
                    return new TensorCaseValue(OnnxTensor.Parse(content, name));
                case 5:
                    return Sequence(content, name);
                case 7:
                    return Optional(content, name);
                default:
                    break;
            }
        }
        return new AbsentCaseValue();
    }

    private static MapCaseValue Map(ReadOnlyMemory<byte> bytes, MapType type, string name)
    {
        var words = new List<ReadOnlyMemory<byte>>();
        var numbers = new List<long>();
        CaseValue values = new AbsentCaseValue();
        using var input = new CodedInputStream(bytes.ToArray());
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (3, WireFormat.WireType.Varint):
                    numbers.Add(input.ReadInt64());
                    break;
                case (3, WireFormat.WireType.LengthDelimited):
                    using (CodedInputStream packed = input.ReadBytes().CreateCodedInput())
                    {
                        while (!packed.IsAtEnd)
                        {
                            numbers.Add(packed.ReadInt64());
                        }
                    }
                    break;
                case (4, _):
                    words.Add(input.ReadBytes().Memory);
                    break;
                case (5, _):
                    values = Sequence(input.ReadBytes().Memory, name);
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }
        OnnxTensor keys = type.Key == ElementType.String
            ? new OnnxTensor([words.Count], [.. words])
            : OnnxTensor.From<long>([.. numbers], numbers.Count);
        return new MapCaseValue(keys, values);
    }

    private static List<(int Field, ReadOnlyMemory<byte> Content)> Messages(ReadOnlyMemory<byte> bytes)
    {
        var found = new List<(int Field, ReadOnlyMemory<byte> Content)>();
        using var input = new CodedInputStream(bytes.ToArray());
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add((WireFormat.GetTagFieldNumber(tag), input.ReadBytes().Memory));
            }
            else
            {
                input.SkipLastField();
            }
        }
        return found;
    }
}
