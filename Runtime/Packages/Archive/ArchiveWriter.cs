namespace Edge.Packages;

/// <summary>Writes the archive of a package, front to back.</summary>
internal static class ArchiveWriter
{
    /// <summary>Writes entries in the order given; paths are valid, contents together below 4 GiB.</summary>
    internal static void Write(Stream stream, IReadOnlyList<(string Path, ReadOnlyMemory<byte> Content)> entries)
    {
        Span<byte> header = stackalloc byte[ArchiveLayout.DirectoryHeaderSize + PackagePath.MaxLength];
        uint[] checksums = new uint[entries.Count];
        uint[] offsets = new uint[entries.Count];
        uint offset = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            (string path, ReadOnlyMemory<byte> content) = entries[i];
            checksums[i] = Crc32.Compute(content.Span);
            offsets[i] = offset;
            int length = ArchiveLayout.WriteLocalHeader(header, path, checksums[i], (uint)content.Length);
            stream.Write(header[..length]);
            stream.Write(content.Span);
            offset = checked(offset + (uint)length + (uint)content.Length);
        }
        uint directorySize = 0;
        for (int i = 0; i < entries.Count; i++)
        {
            (string path, ReadOnlyMemory<byte> content) = entries[i];
            int length = ArchiveLayout.WriteDirectoryHeader(header, path, checksums[i], (uint)content.Length, offsets[i]);
            stream.Write(header[..length]);
            directorySize += (uint)length;
        }
        ArchiveLayout.WriteEnd(header, entries.Count, offset, directorySize);
        stream.Write(header[..ArchiveLayout.EndSize]);
    }
}
