namespace Edge.Graph;

/// <summary>A composite operator that a model brings along.</summary>
public sealed class OnnxFunction
{
    internal OnnxFunction(OnnxGraph body) => Body = body;

    /// <summary>The domain under which nodes call it.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The operator name under which nodes call it.</summary>
    public string Name { get; init; } = "";

    /// <summary>Which of several functions of that name it is; almost always empty.</summary>
    public string Overload { get; init; } = "";

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; init; }

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; init; }

    /// <summary>Its nodes, with its parameters as inputs and its results as outputs.</summary>
    public OnnxGraph Body { get; }

    /// <summary>Attributes that a caller must give.</summary>
    public IReadOnlyList<string> RequiredAttributes { get; init; } = [];

    /// <summary>Attributes that a caller may give, with their defaults.</summary>
    public IReadOnlyList<NodeAttribute> DefaultAttributes { get; init; } = [];

    /// <summary>The operator sets that its nodes are written in.</summary>
    public SortedDictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

    /// <summary>Key-value pairs that tools left on it.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}
