namespace Edge.Inference.Text;

/// <summary>A vocabulary as JSON has it.</summary>
internal sealed record VocabularyFile
{
    public required TokenizerKind Kind { get; init; }

    public bool LowerCase { get; init; }

    public required int Length { get; init; }

    public string[]? Tokens { get; init; }

    /// <summary>Left and right numbers in turn.</summary>
    public int[]? Merges { get; init; }
}
