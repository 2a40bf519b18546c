namespace Edge.Runtime.Configuration;

/// <summary>A key that broker and device share.</summary>
internal sealed record PskConfig
{
    public required string Identity { get; init; }

    /// <summary>A file with the key in hexadecimal digits.</summary>
    public required string KeyFile { get; init; }
}
