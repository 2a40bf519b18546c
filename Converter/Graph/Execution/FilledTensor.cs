namespace Edge.Graph.Execution;

/// <summary>Tensors that hold one value throughout.</summary>
public static class FilledTensor
{
    /// <summary>Makes one.</summary>
    /// <param name="type">What the elements are.</param>
    /// <param name="dims">Sizes of the axes; none is a scalar.</param>
    /// <param name="value">The value of each; rounded to the type.</param>
    /// <returns>The tensor; null for types that are no plain numbers.</returns>
    public static OnnxTensor? Make(ElementType type, long[] dims, double value)
    {
        OnnxTensor Fill<T>(T item) where T : unmanaged
        {
            var data = new T[dims.Aggregate(1L, (a, b) => checked(a * b))];
            Array.Fill(data, item);
            return OnnxTensor.From<T>(data, dims);
        }
        return type switch
        {
            ElementType.Float => Fill((float)value),
            ElementType.Double => Fill(value),
            ElementType.Float16 => Fill((Half)value),
            ElementType.Int64 => Fill((long)value),
            ElementType.Int32 => Fill((int)value),
            ElementType.UInt8 => Fill((byte)value),
            ElementType.Bool => Fill(value != 0),
            _ => null,
        };
    }
}
