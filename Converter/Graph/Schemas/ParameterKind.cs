namespace Edge.Graph.Schemas;

/// <summary>How often an input or output stands in a node.</summary>
public enum ParameterKind
{
    /// <summary>Once.</summary>
    Single,

    /// <summary>Once or not at all.</summary>
    Optional,

    /// <summary>Any number of times; only the last of a list.</summary>
    Variadic,
}
