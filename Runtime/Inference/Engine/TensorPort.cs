using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>An input or output of a session: name, element type, fixed shape, and the memory that is bound to it.</summary>
public sealed unsafe class TensorPort
{
    internal TensorPort(string name, TensorElementType type, long[] shape)
    {
        Name = name;
        ElementType = type;
        Dimensions = shape;
        long length = 1;
        foreach (long dimension in shape)
        {
            length = checked(length * dimension);
        }
        Length = checked((int)length);
        ByteLength = checked(Length * ElementSize(type));
    }

    /// <summary>The name in the model.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>The shape; an open batch dimension is 1.</summary>
    public IReadOnlyList<long> Dimensions { get; }

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>Bytes.</summary>
    public int ByteLength { get; }

    /// <summary>The memory that the engine reads or writes.</summary>
    internal byte* Pointer { get; set; }

    /// <summary>The element type and shape, such as <c>float32 [1, 3, 224, 224]</c>.</summary>
    public override string ToString() => $"{TypeName(ElementType)} [{string.Join(", ", Dimensions)}]";

    internal static string TypeName(TensorElementType type) => type switch
    {
        TensorElementType.Float => "float32",
        TensorElementType.UInt8 => "uint8",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>Bytes an element; 0 for a type without a fixed size.</summary>
    internal static int ElementSize(TensorElementType type) => type switch
    {
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Bool => 1,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16 or TensorElementType.BFloat16 => 2,
        TensorElementType.Float or TensorElementType.Int32 or TensorElementType.UInt32 => 4,
        TensorElementType.Double or TensorElementType.Int64 or TensorElementType.UInt64 => 8,
        _ => 0,
    };
}
