namespace Edge.Fleet.Protocol;

/// <summary>A retained message named by its own hash: a chunk of a package or of a manifest.</summary>
public sealed record BlobReference
{
    /// <summary>The most bytes that a blob has.</summary>
    public const int MaximumLength = 64 << 10;

    /// <summary>Its bytes, 1 to <see cref="MaximumLength"/>.</summary>
    public required int Length { get; init; }

    /// <summary>The SHA-256 of its bytes, 64 lower-case hexadecimal digits; also the last level of its topic.</summary>
    public required string Sha256 { get; init; }

    internal void Validate(string path)
    {
        Rule.That(Length is >= 1 and <= MaximumLength, path, $"length must be 1 to {MaximumLength}");
        Rule.Hash(Sha256, $"{path}.sha256");
    }
}
