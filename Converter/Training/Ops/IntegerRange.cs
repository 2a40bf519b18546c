using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>The whole numbers of a quantized type.</summary>
/// <param name="Least">The smallest.</param>
/// <param name="Most">The largest.</param>
/// <param name="Type">What the engine holds them in.</param>
internal readonly record struct IntegerRange(long Least, long Most, DataType Type)
{
    public static IntegerRange Of(NodeContext node, ElementType? type) => type switch
    {
        ElementType.UInt8 => new(0, byte.MaxValue, DataType.UInt8),
        ElementType.Int8 => new(sbyte.MinValue, sbyte.MaxValue, DataType.Int8),
        ElementType.UInt16 => new(0, ushort.MaxValue, DataType.Int32),
        ElementType.Int16 => new(short.MinValue, short.MaxValue, DataType.Int16),
        ElementType.UInt4 => new(0, 15, DataType.UInt8),
        ElementType.Int4 => new(-8, 7, DataType.Int8),
        ElementType.Int32 => new(int.MinValue, int.MaxValue, DataType.Int32),
        null => throw node.Unsupported("the type that it quantizes to is not known"),
        { } other => throw node.Unsupported($"ONNX allows quantizing to {other.Text()}; the training engine does not execute it"),
    };
}
