using System.Globalization;

namespace Edge.Graph;

/// <summary>One axis of a shape: a size, a symbol that stands for one (<c>batch</c>), or unknown.</summary>
public readonly record struct Dimension
{
    private Dimension(long? size, string? symbol)
    {
        Size = size;
        Symbol = symbol;
    }

    /// <summary>The axis is not described at all.</summary>
    public static Dimension Unknown => default;

    /// <summary>Elements along the axis, if it is fixed.</summary>
    public long? Size { get; }

    /// <summary>The name of a size that is known only at run time.</summary>
    public string? Symbol { get; }

    /// <summary>A fixed size.</summary>
    /// <param name="size">Elements along the axis.</param>
    public static implicit operator Dimension(long size) => new(size, null);

    /// <summary>A named size.</summary>
    /// <param name="symbol">The name; an empty one means unknown.</param>
    public static implicit operator Dimension(string symbol) => new(null, string.IsNullOrEmpty(symbol) ? null : symbol);

    /// <summary>A fixed size.</summary>
    /// <param name="size">Elements along the axis.</param>
    public static Dimension FromInt64(long size) => size;

    /// <summary>A named size.</summary>
    /// <param name="symbol">The name.</param>
    public static Dimension FromString(string symbol) => symbol;

    /// <summary>The size, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Size?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
