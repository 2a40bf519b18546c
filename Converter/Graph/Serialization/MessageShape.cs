using Edge.Graph.Protobuf;
using Google.Protobuf.Reflection;

namespace Edge.Graph.Serialization;

/// <summary>What a message of the file format costs in memory, and which of its fields are messages themselves.</summary>
internal sealed class MessageShape
{
    // Object header, and the slot that a list holds it by; a list's own object; an array's header.
    private const int Header = 24;
    private const int ListObject = 32;
    private const int FieldSlot = 8;

    private static readonly Dictionary<MessageDescriptor, MessageShape> Known = [];

    private readonly FieldShape[] _fields;

    private MessageShape(MessageDescriptor descriptor)
    {
        Known[descriptor] = this;
        int count = 0;
        int cost = Header + FieldSlot;
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            count = Math.Max(count, field.FieldNumber + 1);
            cost += field.IsRepeated ? ListObject + FieldSlot : FieldSlot;
        }
        Cost = cost + Own(descriptor.Name);
        (Expected, Discount) = Real(descriptor.Name);
        _fields = new FieldShape[count];
        foreach (FieldDescriptor field in descriptor.Fields.InDeclarationOrder())
        {
            MessageShape? child = field.FieldType == FieldType.Message ? Known.GetValueOrDefault(field.MessageType) ?? new MessageShape(field.MessageType) : null;
            _fields[field.FieldNumber] = new FieldShape(child, Units(field), field.FieldType is FieldType.Float or FieldType.Double, Extra(descriptor.Name, field.Name), IsKnown: true);
        }
    }

    /// <summary>A whole file.</summary>
    internal static MessageShape Model { get; } = new(ModelProto.Descriptor);

    /// <summary>Bytes that a message takes without its content, together with what the graph makes of it.</summary>
    internal int Cost { get; }

    /// <summary>The fields that every message of the kind has in a real file, a bit for each number; 0 where that says nothing.</summary>
    internal ulong Expected { get; }

    /// <summary>What a message with those fields may take at most without being counted.</summary>
    internal int Discount { get; }

    /// <summary>A field; of the default for one that the format does not know.</summary>
    internal FieldShape Field(int number) => number < _fields.Length ? _fields[number] : default;

    // What our own objects take beside the parser's, measured over 10,000 of each.
    private static int Own(string message) => message switch
    {
        nameof(NodeProto) => 260,
        nameof(GraphProto) => 900,
        nameof(AttributeProto) => 80,
        nameof(TensorProto) => 200,
        nameof(FunctionProto) => 1400,
        nameof(TypeProto) => 100,
        "Dimension" => 40,
        _ => 24,
    };

    // Nodes with an operator and outputs, and tensors with a name and a type, are what graphs consist of, however many there are.
    private static (ulong Expected, int Discount) Real(string message) => message switch
    {
        nameof(NodeProto) => (1UL << NodeProto.OutputFieldNumber | 1UL << NodeProto.OpTypeFieldNumber, 1_800),
        nameof(TensorProto) => (1UL << TensorProto.NameFieldNumber | 1UL << TensorProto.DataTypeFieldNumber, 500),
        _ => (0, 0),
    };

    // A name that a node makes is a value in the graph's tables, one that it reads is a use.
    private static int Extra(string message, string field) => (message, field) switch
    {
        (nameof(NodeProto), "output") => 360,
        (nameof(NodeProto), "input") => 180,
        (nameof(GraphProto), "initializer" or "input" or "output") => 220,
        _ => 0,
    };

    private static int Units(FieldDescriptor field) => !field.IsRepeated ? 0 : field.FieldType switch
    {
        FieldType.Float or FieldType.Int32 => 4,
        FieldType.Double or FieldType.Int64 or FieldType.UInt64 => 8,
        _ => 0,
    };
}
