namespace Edge.Packages;

/// <summary>A stored file of the archive.</summary>
/// <param name="Path">Its valid path.</param>
/// <param name="Crc">The checksum its header states.</param>
/// <param name="HeaderOffset">Where its header begins.</param>
/// <param name="Content">Its bytes.</param>
internal readonly record struct ArchiveEntry(string Path, uint Crc, uint HeaderOffset, ReadOnlyMemory<byte> Content);
