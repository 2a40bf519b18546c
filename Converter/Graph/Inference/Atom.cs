namespace Edge.Graph.Inference;

/// <summary>Something that a size is computed from and that does not split further: a symbol, a quotient, a minimum or maximum.</summary>
/// <param name="kind">What it is.</param>
/// <param name="text">Its text; atoms are equal when their texts are.</param>
/// <param name="lower">No value is smaller.</param>
/// <param name="upper">No value is larger.</param>
internal sealed class Atom(AtomKind kind, string text, long lower, long upper)
{
    internal AtomKind Kind => kind;

    internal string Text => text;

    internal long Lower => lower;

    internal long Upper => upper;

    /// <summary>The numerator of a quotient, the operands of a minimum or maximum.</summary>
    internal IReadOnlyList<SizeExpression> Operands { get; init; } = [];

    /// <summary>The denominator of a quotient.</summary>
    internal SizeExpression? Divisor { get; init; }

    /// <summary>True for a quotient whose text is a call of <c>ceil</c>, which needs no brackets.</summary>
    internal bool IsCeiling { get; init; }
}
