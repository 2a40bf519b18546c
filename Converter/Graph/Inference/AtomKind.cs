namespace Edge.Graph.Inference;

/// <summary>What an <see cref="Atom"/> is.</summary>
internal enum AtomKind
{
    /// <summary>A name for a size of at least 1 that is known at run time.</summary>
    Symbol,

    /// <summary>A quotient, rounded down.</summary>
    Quotient,

    /// <summary>The smallest of several.</summary>
    Minimum,

    /// <summary>The largest of several.</summary>
    Maximum,
}
