namespace Edge.Packages;

/// <summary>A chunk and its place in a package's file.</summary>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha256">Their SHA-256, 64 lower-case hexadecimal digits.</param>
public readonly record struct PlacedChunk(long Offset, int Length, string Sha256);
