using Google.Protobuf;

namespace Edge.Graph.Protobuf;

// What a newer ONNX, or somebody else's tool, wrote into a message under numbers that are not known here. It is kept as it
// is and written back; the parser has it, but shows it to nobody.
internal sealed partial class ModelProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class GraphProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class NodeProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class AttributeProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class ValueInfoProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class TensorProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}

internal sealed partial class FunctionProto
{
    internal UnknownFieldSet? Unknown { get => _unknownFields; set => _unknownFields = value; }
}
