namespace Edge.Graph.Analysis;

/// <summary>Arithmetic on sizes from files, which may be absurd: what is too large for 64 bits is the largest number.</summary>
internal static class Sizes
{
    /// <summary>The elements of a shape, or null where an axis is open.</summary>
    internal static long? Product(TensorShape? shape)
    {
        if (shape is null)
        {
            return null;
        }
        long? product = 1;
        foreach (Dimension dimension in shape.Dimensions)
        {
            product = Multiply(product, dimension.Size);
        }
        return product;
    }

    /// <summary>The product of two sizes, or null where one is not known.</summary>
    internal static long? Multiply(long? a, long? b)
    {
        if (a is not { } x || b is not { } y)
        {
            return null;
        }
        return x == 0 || y == 0 ? 0 : Math.BigMul(x, y, out long low) == 0 && low >= 0 ? low : long.MaxValue;
    }

    /// <summary>The sum of two counts.</summary>
    internal static long Add(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
