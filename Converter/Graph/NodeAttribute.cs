namespace Edge.Graph;

/// <summary>One attribute of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Content">The content, of the .NET type that <see cref="AttributeKind"/> states; null for a reference.</param>
public sealed record NodeAttribute(string Name, AttributeKind Kind, object? Content)
{
    /// <summary>In the body of a function: which attribute of the calling node stands here.</summary>
    public string? Reference { get; init; }

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; init; }

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; init; }
}
