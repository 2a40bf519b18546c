using Edge.Runtime.Sinks;

namespace Edge.Runtime.Configuration;

/// <summary>Where a pipeline's results go.</summary>
internal sealed record SinkConfig
{
    internal const string Mqtt = "mqtt";
    internal const string Stdout = "stdout";
    internal const string File = "file";

    internal const string All = "all";
    internal const string Results = "results";
    internal const string Events = "events";

    public required string Type { get; init; }

    /// <summary>Which messages: <c>all</c>, <c>results</c>, or <c>events</c> with their snapshots.</summary>
    public string Content { get; set; } = All;

    /// <summary>The file of <see cref="File"/>.</summary>
    public string? Path { get; init; }

    /// <summary>When a file is this long the next one begins.</summary>
    public long MaxBytes { get; set; } = 10_000_000;

    /// <summary>How many full files are kept beside the one that is written.</summary>
    public int Keep { get; set; } = 5;

    /// <summary>Whether a message of a kind goes there.</summary>
    internal bool Takes(MessageKind kind) => kind switch
    {
        MessageKind.Result => Content != Events,
        MessageKind.Event => Content != Results,
        _ => Content != Results && Type == Mqtt,
    };
}
