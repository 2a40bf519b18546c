using Edge.Graph.Protobuf;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Edge.Graph.Serialization;

/// <summary>What a message of the file format costs in memory, and which of its fields are messages themselves.</summary>
internal sealed class MessageShape
{
    // Object header, unknown fields, which fields are set; a list's own object.
    private const int Header = 40;
    private const int ListObject = 32;
    private const int FieldSlot = 8;

    private static readonly Dictionary<MessageDescriptor, MessageShape> Known = [];

    private readonly FieldShape[] _fields;

    private MessageShape(MessageDescriptor descriptor)
    {
        Known[descriptor] = this;
        int count = 0;
        Parsed = Header;
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            count = Math.Max(count, field.FieldNumber + 1);
            Parsed += field.IsRepeated ? ListObject + FieldSlot : FieldSlot;
        }
        Kept = KeptBy(descriptor.Name);
        _fields = new FieldShape[count];
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            MessageShape? child = field.FieldType == FieldType.Message ? Known.GetValueOrDefault(field.MessageType) ?? new MessageShape(field.MessageType) : null;
            _fields[field.FieldNumber] = new FieldShape(
                child,
                Units(field),
                Wire(field.FieldType),
                field.FieldType is FieldType.Float or FieldType.Double,
                field.IsRepeated,
                field.FieldType == FieldType.String,
                KeptFor(descriptor.Name, field),
                IsKnown: true);
        }
    }

    /// <summary>A whole file.</summary>
    internal static MessageShape Model { get; } = new(ModelProto.Descriptor);

    /// <summary>A graph.</summary>
    internal static MessageShape Graph { get; } = Known[GraphProto.Descriptor];

    /// <summary>A node.</summary>
    internal static MessageShape Node { get; } = Known[NodeProto.Descriptor];

    /// <summary>A tensor.</summary>
    internal static MessageShape Tensor { get; } = Known[TensorProto.Descriptor];

    /// <summary>Bytes of the parser's object without its content.</summary>
    internal int Parsed { get; }

    /// <summary>Bytes of what the graph makes of it, without its content.</summary>
    internal int Kept { get; }

    /// <summary>A field; of the default for one that the format does not know.</summary>
    internal FieldShape Field(int number) => number < _fields.Length ? _fields[number] : default;

    // The sizes of our own objects and of their places in tables; MemoryBoundTests holds them against what is taken.
    private static int KeptBy(string message) => message switch
    {
        nameof(NodeProto) => 290,
        nameof(GraphProto) => 1400,
        nameof(AttributeProto) => 110,
        nameof(TensorProto) => 190,
        nameof(SparseTensorProto) => 200,
        nameof(FunctionProto) => 3000,
        nameof(TypeProto) => 130,
        nameof(StringStringEntryProto) => 100,
        nameof(OperatorSetIdProto) => 100,
        nameof(TensorAnnotation) => 100,
        nameof(ValueInfoProto) => 200,
        "Dimension" => 80,
        _ => 0,
    };

    // A name that a node makes is a value in the graph's tables with a type, one that it reads is a use.
    private static int KeptFor(string message, FieldDescriptor field) => (message, field.Name) switch
    {
        (nameof(NodeProto), "output") => 400,
        (nameof(NodeProto), "input") => 110,
        (nameof(GraphProto), "initializer" or "sparse_initializer") => 240,
        (nameof(GraphProto), "input" or "output") => 500,
        (nameof(FunctionProto), "input" or "output") => 500,
        (nameof(TensorProto), "string_data") => 16,
        _ => 0,
    };

    private static WireFormat.WireType Wire(FieldType type) => type switch
    {
        FieldType.Message or FieldType.String or FieldType.Bytes => WireFormat.WireType.LengthDelimited,
        FieldType.Float => WireFormat.WireType.Fixed32,
        FieldType.Double => WireFormat.WireType.Fixed64,
        _ => WireFormat.WireType.Varint,
    };

    private static int Units(FieldDescriptor field) => !field.IsRepeated ? 0 : field.FieldType switch
    {
        FieldType.Float or FieldType.Int32 => 4,
        FieldType.Double or FieldType.Int64 or FieldType.UInt64 => 8,
        _ => 0,
    };
}
