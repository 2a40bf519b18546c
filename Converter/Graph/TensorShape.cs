namespace Edge.Graph;

/// <summary>The axes of a tensor, outermost first. Two shapes are equal when every axis is.</summary>
/// <param name="dimensions">The axes; none of them is a scalar.</param>
public sealed class TensorShape(IReadOnlyList<Dimension> dimensions) : IEquatable<TensorShape>
{
    /// <summary>A tensor of one element without axes.</summary>
    public static TensorShape Scalar { get; } = new([]);

    /// <summary>The axes, outermost first.</summary>
    public IReadOnlyList<Dimension> Dimensions { get; } = dimensions;

    /// <summary>What each axis means (<c>DATA_BATCH</c>, <c>DATA_CHANNEL</c>…), as the file says; null where it says nothing. Not compared.</summary>
    public IReadOnlyList<string?>? Denotations { get; init; }

    /// <summary>How many axes.</summary>
    public int Rank => Dimensions.Count;

    /// <summary>True when every axis has a fixed size.</summary>
    public bool IsFixed => Dimensions.All(dimension => dimension.Size is not null);

    /// <summary>One axis.</summary>
    /// <param name="axis">0 is the outermost.</param>
    public Dimension this[int axis] => Dimensions[axis];

    /// <summary>Makes a shape: <c>TensorShape.Of("batch", 1, 28, 28)</c>.</summary>
    /// <param name="dimensions">The axes.</param>
    public static TensorShape Of(params Dimension[] dimensions) => new(dimensions);

    /// <summary>Makes a fixed shape.</summary>
    /// <param name="sizes">The sizes.</param>
    public static TensorShape Of(ReadOnlySpan<long> sizes)
    {
        var dimensions = new Dimension[sizes.Length];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            dimensions[axis] = sizes[axis];
        }
        return new TensorShape(dimensions);
    }

    /// <summary>The sizes, if every axis is fixed.</summary>
    public long[]? ToFixed() => IsFixed ? [.. Dimensions.Select(dimension => dimension.Size!.Value)] : null;

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) => other is not null && Dimensions.SequenceEqual(other.Dimensions);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TensorShape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (Dimension dimension in Dimensions)
        {
            hash.Add(dimension);
        }
        return hash.ToHashCode();
    }

    /// <summary><c>[batch,1,28,28]</c>.</summary>
    public override string ToString() => $"[{string.Join(',', Dimensions)}]";
}
