using System.Buffers.Binary;
using System.Text;

namespace Edge.Packages;

/// <summary>
/// Reads the archive of a package and accepts exactly what <see cref="ArchiveWriter"/> writes: every header is rebuilt
/// from path, size and checksum and compared. Nothing is decompressed and no size is believed before it is checked.
/// </summary>
internal static class ArchiveReader
{
    /// <summary>Finds the entries; their contents are slices of <paramref name="bytes"/>.</summary>
    /// <exception cref="PackageException">The bytes are not such an archive.</exception>
    internal static List<ArchiveEntry> Read(ReadOnlyMemory<byte> bytes, int maxEntries)
    {
        var entries = new List<ArchiveEntry>();
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int offset = 0;
        while (Signature(bytes.Span, offset) == ArchiveLayout.LocalSignature)
        {
            if (entries.Count == maxEntries)
            {
                throw new PackageException($"holds more than {maxEntries} entries; not a model package");
            }
            ArchiveEntry entry = ReadEntry(bytes, ref offset);
            if (!paths.Add(entry.Path))
            {
                throw new PackageException($"holds '{entry.Path}' twice; make the package again");
            }
            entries.Add(entry);
        }
        CheckDirectory(bytes.Span, offset, entries);
        return entries;
    }

    private static ArchiveEntry ReadEntry(ReadOnlyMemory<byte> bytes, ref int offset)
    {
        int start = offset;
        ReadOnlySpan<byte> rest = bytes.Span[offset..];
        if (rest.Length < ArchiveLayout.LocalHeaderSize)
        {
            throw Truncated();
        }
        ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
        ushort method = BinaryPrimitives.ReadUInt16LittleEndian(rest[8..]);
        uint crc = BinaryPrimitives.ReadUInt32LittleEndian(rest[14..]);
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(rest[22..]);
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[26..]);
        if (nameLength > rest.Length - ArchiveLayout.LocalHeaderSize)
        {
            throw Truncated();
        }
        // Latin-1 gives every byte a character, so a bad byte is refused as a bad path.
        ReadOnlySpan<byte> name = rest.Slice(ArchiveLayout.LocalHeaderSize, Math.Min(nameLength, PackagePath.MaxLength + 1));
        string path = Encoding.Latin1.GetString(name);
        if (!PackagePath.IsValid(path))
        {
            throw new PackageException($"the entry {PackagePath.Quote(path)} has a path that a package may not hold; do not use this package");
        }
        if (method != 0 || flags != 0)
        {
            throw new PackageException($"the entry '{path}' is compressed, encrypted or written by another tool; make the package with `edge package`");
        }
        Span<byte> expected = stackalloc byte[ArchiveLayout.LocalHeaderSize + PackagePath.MaxLength];
        int length = ArchiveLayout.WriteLocalHeader(expected, path, crc, size);
        if (!rest.StartsWith(expected[..length]))
        {
            throw new PackageException($"the header of '{path}' is damaged or written by another tool; fetch the package again");
        }
        if (size > (uint)(rest.Length - length))
        {
            throw new PackageException($"'{path}' should have {size} bytes, {rest.Length - length} are left in the file; fetch the package again");
        }
        ReadOnlyMemory<byte> content = bytes.Slice(offset + length, (int)size);
        if (Crc32.Compute(content.Span) != crc)
        {
            throw new PackageException($"'{path}' is damaged (checksum differs); fetch the package again");
        }
        offset += length + (int)size;
        return new ArchiveEntry(path, crc, (uint)start, content);
    }

    private static void CheckDirectory(ReadOnlySpan<byte> bytes, int offset, List<ArchiveEntry> entries)
    {
        Span<byte> expected = stackalloc byte[ArchiveLayout.DirectoryHeaderSize + PackagePath.MaxLength];
        int position = offset;
        foreach (ArchiveEntry entry in entries)
        {
            int length = ArchiveLayout.WriteDirectoryHeader(expected, entry.Path, entry.Crc, (uint)entry.Content.Length, entry.HeaderOffset);
            if (!bytes[position..].StartsWith(expected[..length]))
            {
                throw bytes.Length - position < length ? Truncated() : Damaged();
            }
            position += length;
        }
        ArchiveLayout.WriteEnd(expected, entries.Count, (uint)offset, (uint)(position - offset));
        if (!bytes[position..].SequenceEqual(expected[..ArchiveLayout.EndSize]))
        {
            throw entries.Count == 0 ? new PackageException("not a model package (.edgepkg); give a file that `edge package` wrote")
                : bytes.Length - position < ArchiveLayout.EndSize ? Truncated() : Damaged();
        }
    }

    private static uint Signature(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length - offset < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static PackageException Truncated() => new("ends too early; fetch the package again");

    private static PackageException Damaged() => new("the directory at its end is damaged or has bytes after it; fetch the package again");
}
