namespace Edge.Runtime.Configuration;

/// <summary>One source, one model, one topic.</summary>
internal sealed record PipelineConfig
{
    internal const string PublishEvery = "every";
    internal const string PublishChange = "change";

    public required string Name { get; init; }

    public required string Package { get; init; }

    public required SourceConfig Source { get; init; }

    /// <summary><c>every</c>: a message per frame; <c>change</c>: a message when the best class is another one than before.</summary>
    public string Publish { get; set; } = PublishEvery;

    /// <summary>How many classes a message carries; null for as many as the package says.</summary>
    public int? TopK { get; init; }
}
