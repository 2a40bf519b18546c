namespace Edge.Graph.Inference.Rules;

/// <summary>Elementwise arithmetic on the contents of small tensors.</summary>
internal static class Contents
{
    private const long LargestExactFloat = 1 << 24;

    internal static TensorContent Map(TensorContent content, ElementType type, Func<Quantity, Quantity> operation)
    {
        var elements = new Quantity[content.Elements.Length];
        for (int index = 0; index < elements.Length; index++)
        {
            elements[index] = Fit(operation(content.Elements[index]), type);
        }
        return new TensorContent(type, content.Dims, elements);
    }

    /// <summary>Combines two contents, each stretched to the common shape; null where they do not fit.</summary>
    internal static TensorContent? Zip(TensorContent a, TensorContent b, ElementType type, Func<Quantity, Quantity, Quantity> operation)
    {
        if (Stretched(a.Dims, b.Dims) is not { } dims || Shapes.Count(dims) is not { } count)
        {
            return null;
        }
        var elements = new Quantity[count];
        int[] left = Indices(a.Dims, dims, count);
        int[] right = Indices(b.Dims, dims, count);
        for (int index = 0; index < count; index++)
        {
            elements[index] = Fit(operation(a.Elements[left[index]], b.Elements[right[index]]), type);
        }
        return new TensorContent(type, dims, elements);
    }

    /// <summary>The content repeated to a larger shape; null where it does not fit.</summary>
    internal static TensorContent? Stretch(TensorContent content, long[] shape)
    {
        if (Stretched(content.Dims, shape) is not { } dims || Shapes.Count(dims) is not { } count)
        {
            return null;
        }
        int[] indices = Indices(content.Dims, dims, count);
        return new TensorContent(content.Type, dims, Array.ConvertAll(indices, index => content.Elements[index]));
    }

    /// <summary>The same elements in another shape; null where the shape is not constant or of another size.</summary>
    internal static TensorContent? Reshape(TensorContent? content, SizeExpression?[]? shape) =>
        content is not null && shape is not null && Shapes.Constants(shape) is { } dims && Shapes.Count(dims) == content.Elements.Length
            ? new TensorContent(content.Type, dims, content.Elements)
            : null;

    /// <summary>Elements at regular distances, such as a slice or a transposition.</summary>
    /// <param name="content">The whole.</param>
    /// <param name="dims">Sizes of the axes of the part; not too many elements.</param>
    /// <param name="offset">Where its first element lies in the whole.</param>
    /// <param name="strides">For each axis, how far apart its elements lie in the whole.</param>
    internal static TensorContent View(TensorContent content, long[] dims, long offset, long[] strides)
    {
        var elements = new Quantity[Shapes.Count(dims) ?? 0];
        for (int index = 0; index < elements.Length; index++)
        {
            long rest = index;
            long position = offset;
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                position += rest % dims[axis] * strides[axis];
                rest /= dims[axis];
            }
            elements[index] = content.Elements[position];
        }
        return new TensorContent(content.Type, dims, elements);
    }

    /// <summary>How far apart the elements of each axis lie in C order.</summary>
    internal static long[] Strides(long[] dims)
    {
        long[] strides = new long[dims.Length];
        long stride = 1;
        for (int axis = dims.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(dims[axis], 1);
        }
        return strides;
    }

    // A number beyond what the element type holds exactly is not followed.
    private static Quantity Fit(Quantity quantity, ElementType type)
    {
        if (quantity.Real is not { } real)
        {
            return quantity;
        }
        return type switch
        {
            ElementType.Int32 => real is >= int.MinValue and <= int.MaxValue ? quantity : default,
            ElementType.Float => Math.Abs(real) <= LargestExactFloat ? quantity : default,
            _ => quantity,
        };
    }

    private static long[]? Stretched(long[] a, long[] b)
    {
        long[] dims = new long[Math.Max(a.Length, b.Length)];
        for (int axis = 1; axis <= dims.Length; axis++)
        {
            long left = axis <= a.Length ? a[^axis] : 1;
            long right = axis <= b.Length ? b[^axis] : 1;
            if (left != right && left != 1 && right != 1)
            {
                return null;
            }
            dims[^axis] = left == 1 ? right : left;
        }
        return dims;
    }

    // For each element of the stretched shape, which element of the original it is.
    private static int[] Indices(long[] from, long[] to, int count)
    {
        int[] indices = new int[count];
        for (int index = 0; index < count; index++)
        {
            long rest = index;
            long stride = 1;
            long position = 0;
            for (int axis = 1; axis <= to.Length; axis++)
            {
                long coordinate = rest % to[^axis];
                rest /= to[^axis];
                if (axis <= from.Length)
                {
                    position += from[^axis] == 1 ? 0 : coordinate * stride;
                    stride *= from[^axis];
                }
            }
            indices[index] = (int)position;
        }
        return indices;
    }
}
