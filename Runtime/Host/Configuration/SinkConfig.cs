namespace Edge.Runtime.Configuration;

/// <summary>Where a pipeline's results go.</summary>
internal sealed record SinkConfig
{
    internal const string Mqtt = "mqtt";
    internal const string Stdout = "stdout";
    internal const string File = "file";

    public required string Type { get; init; }

    /// <summary>The file of <see cref="File"/>.</summary>
    public string? Path { get; init; }

    /// <summary>When a file is this long the next one begins.</summary>
    public long MaxBytes { get; set; } = 10_000_000;

    /// <summary>How many full files are kept beside the one that is written.</summary>
    public int Keep { get; set; } = 5;
}
