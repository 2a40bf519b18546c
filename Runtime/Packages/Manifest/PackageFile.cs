using System.Buffers;

namespace Edge.Packages;

/// <summary>A file of the package as the manifest lists it.</summary>
public sealed record PackageFile
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Its path: see <see cref="PackagePath.IsValid"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes.</summary>
    public required long Size { get; init; }

    /// <summary>SHA-256 of the file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The chunks in order; together they are the file.</summary>
    public required IReadOnlyList<PackageChunk> Chunks { get; init; }

    internal void Validate()
    {
        string quoted = PackagePath.Quote(Path);
        Check.That(PackagePath.IsValid(Path), $"files: {quoted}", "is not a path that a package may hold");
        Check.That(!PackagePath.IsReserved(Path), $"files: {quoted}", "must not be listed");
        Check.That(Size >= 0, $"files: {quoted}: size", "must not be negative");
        Check.That(IsHash(Sha256), $"files: {quoted}: sha256", "must be 64 lower-case hexadecimal digits");
        long total = 0;
        for (int i = 0; i < Chunks.Count; i++)
        {
            PackageChunk chunk = Chunks[i];
            Check.That(chunk is not null && chunk.Length is > 0 and <= PackageChunk.MaxLength, $"files: {quoted}: chunks", $"must have 1 to {PackageChunk.MaxLength} bytes each");
            Check.That(IsHash(chunk!.Sha256), $"files: {quoted}: chunks: sha256", "must be 64 lower-case hexadecimal digits");
            total += chunk.Length;
        }
        Check.That(total == Size, $"files: {quoted}: chunks", $"have {total} bytes together, the file has {Size}");
    }

    private static bool IsHash(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
