namespace Edge.Runtime.Configuration;

/// <summary>Where a pipeline's frames come from.</summary>
internal sealed record SourceConfig
{
    internal const string Folder = "folder";

    public required string Type { get; init; }

    public required string Path { get; init; }

    /// <summary>File names to take, with <c>*</c> and <c>?</c>; null takes every JPEG and PNG.</summary>
    public string? Pattern { get; init; }

    /// <summary>0 is as fast as possible.</summary>
    public double FramesPerSecond { get; set; }

    /// <summary>Whether the folder starts over when it is through.</summary>
    public bool Loop { get; set; }
}
