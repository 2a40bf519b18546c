namespace Edge.Packages;

/// <summary>One golden input and what must come of it.</summary>
public sealed record GoldenCase
{
    /// <summary>The file of the input tensor: its elements, little-endian, nothing else.</summary>
    public required string Input { get; init; }

    /// <summary>The file of the expected output tensor: float32, little-endian, nothing else.</summary>
    public required string Output { get; init; }
}
