using System.Runtime.InteropServices;

namespace Edge.Graph.Inference;

/// <summary>What is known of the elements of a small tensor that shapes are computed with.</summary>
/// <param name="type">What the elements are: whole numbers, bool, or floats.</param>
/// <param name="dims">Sizes of the axes.</param>
/// <param name="elements">The elements in C order.</param>
internal sealed class TensorContent(ElementType type, long[] dims, Quantity[] elements)
{
    /// <summary>Tensors of more elements are not looked into.</summary>
    internal const int MostElements = 4096;

    internal ElementType Type => type;

    internal long[] Dims => dims;

    internal Quantity[] Elements => elements;

    internal bool IsFloat => type.IsFloat();

    /// <summary>The elements as whole numbers, if all of them are constant.</summary>
    internal long[]? ToConstants()
    {
        long[] values = new long[elements.Length];
        for (int index = 0; index < values.Length; index++)
        {
            if (elements[index].Constant is not { } value)
            {
                return null;
            }
            values[index] = value;
        }
        return values;
    }

    /// <summary>May elements of that type be looked into?</summary>
    internal static bool Covers(ElementType type) => type is ElementType.Int64 or ElementType.Int32 or ElementType.Bool
        or ElementType.Float or ElementType.Double;

    /// <summary>Reads a constant tensor; null where it is too large or of another type.</summary>
    internal static TensorContent? Of(OnnxTensor tensor)
    {
        if (tensor.Length > MostElements || !Covers(tensor.Type))
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = tensor.Bytes.Span;
        Quantity[] elements = tensor.Type switch
        {
            ElementType.Int64 => Read<long>(bytes, value => Quantity.Of(value)),
            ElementType.Int32 => Read<int>(bytes, value => Quantity.Of((long)value)),
            ElementType.Bool => Read<byte>(bytes, value => Quantity.Of(value != 0)),
            ElementType.Float => Read<float>(bytes, value => Quantity.Of((double)value)),
            _ => Read<double>(bytes, Quantity.Of),
        };
        return new TensorContent(tensor.Type, tensor.Dims, elements);
    }

    private static Quantity[] Read<T>(ReadOnlySpan<byte> bytes, Func<T, Quantity> convert) where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(bytes);
        var elements = new Quantity[source.Length];
        for (int index = 0; index < elements.Length; index++)
        {
            elements[index] = convert(source[index]);
        }
        return elements;
    }
}
