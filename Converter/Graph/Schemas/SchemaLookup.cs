namespace Edge.Graph.Schemas;

/// <summary>What the table of operators says about a name.</summary>
public enum SchemaLookup
{
    /// <summary>The operator is known in that version.</summary>
    Found,

    /// <summary>The table does not cover the domain, or not so new a version of it: nothing can be said.</summary>
    NotCovered,

    /// <summary>The domain has no operator of that name.</summary>
    UnknownOperator,

    /// <summary>The operator came with a newer version of the operator set.</summary>
    Newer,

    /// <summary>The operator is gone from that version on.</summary>
    Deprecated,
}
