namespace Edge.Packages;

/// <summary>A stretch of a file that an update moves or keeps as a whole.</summary>
public sealed record PackageChunk
{
    /// <summary>The longest chunk, in bytes: 64 KiB.</summary>
    public const int MaxLength = 64 << 10;

    /// <summary>Bytes, 1 to <see cref="MaxLength"/>.</summary>
    public required int Length { get; init; }

    /// <summary>SHA-256 of those bytes, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}
