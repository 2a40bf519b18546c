using System.Buffers.Binary;
using System.Text;

namespace Edge.Packages;

/// <summary>
/// The one way a package's ZIP is laid out (PKWARE APPNOTE 4.3): stored entries, no flags, no extra fields, no comments,
/// the earliest time that ZIP can express, entries one after the other, then the directory, then its end record.
/// Path, size and checksum decide every other byte, so a reader can ask for exactly these bytes.
/// </summary>
internal static class ArchiveLayout
{
    internal const int LocalHeaderSize = 30;
    internal const int DirectoryHeaderSize = 46;
    internal const int EndSize = 22;
    internal const uint LocalSignature = 0x04034b50;
    internal const uint DirectorySignature = 0x02014b50;
    internal const uint EndSignature = 0x06054b50;
    private const ushort VersionNeeded = 20;
    private const ushort EarliestDate = 0x0021;

    /// <summary>Writes the header before an entry's bytes; returns its length.</summary>
    internal static int WriteLocalHeader(Span<byte> target, string path, uint crc, uint size)
    {
        target[..LocalHeaderSize].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, LocalSignature);
        WriteCommon(target[4..], path, crc, size);
        return LocalHeaderSize + Encoding.ASCII.GetBytes(path, target[LocalHeaderSize..]);
    }

    /// <summary>Writes an entry's header in the directory; returns its length.</summary>
    internal static int WriteDirectoryHeader(Span<byte> target, string path, uint crc, uint size, uint headerOffset)
    {
        target[..DirectoryHeaderSize].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, DirectorySignature);
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], VersionNeeded);
        WriteCommon(target[6..], path, crc, size);
        BinaryPrimitives.WriteUInt32LittleEndian(target[42..], headerOffset);
        return DirectoryHeaderSize + Encoding.ASCII.GetBytes(path, target[DirectoryHeaderSize..]);
    }

    /// <summary>Writes the record that ends the archive.</summary>
    internal static void WriteEnd(Span<byte> target, int entries, uint directoryOffset, uint directorySize)
    {
        target[..EndSize].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(target, EndSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], (ushort)entries);
        BinaryPrimitives.WriteUInt16LittleEndian(target[10..], (ushort)entries);
        BinaryPrimitives.WriteUInt32LittleEndian(target[12..], directorySize);
        BinaryPrimitives.WriteUInt32LittleEndian(target[16..], directoryOffset);
    }

    // Both headers share these 26 bytes: version, flags, method, time, date, checksum, two sizes, two lengths.
    private static void WriteCommon(Span<byte> target, string path, uint crc, uint size)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(target, VersionNeeded);
        BinaryPrimitives.WriteUInt16LittleEndian(target[8..], EarliestDate);
        BinaryPrimitives.WriteUInt32LittleEndian(target[10..], crc);
        BinaryPrimitives.WriteUInt32LittleEndian(target[14..], size);
        BinaryPrimitives.WriteUInt32LittleEndian(target[18..], size);
        BinaryPrimitives.WriteUInt16LittleEndian(target[22..], (ushort)path.Length);
    }
}
