using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Edge.Inference;

/// <summary>
/// The end of a cached model: a protobuf field that no reader of ONNX knows, and so passes over, with whether the cached model is
/// slower, how long the model itself took to load, and the SHA-256 of all that and of everything before.
/// </summary>
internal sealed class CacheTrailer
{
    private const int FieldBytes = 4;
    private const int HashBytes = SHA256.HashSizeInBytes;
    private const int PayloadBytes = 1 + sizeof(double) + HashBytes;
    private const int Bytes = FieldBytes + PayloadBytes;

    private CacheTrailer(bool isSlower, double plainMilliseconds)
    {
        IsSlower = isSlower;
        PlainMilliseconds = plainMilliseconds;
    }

    // Field 9999, length-delimited, and the length.
    private static ReadOnlySpan<byte> Field => [0xfa, 0xf0, 0x04, PayloadBytes];

    /// <summary>True if loading the cached model was found to take longer.</summary>
    internal bool IsSlower { get; }

    /// <summary>How long the model itself took to load.</summary>
    internal double PlainMilliseconds { get; }

    /// <summary>Reads the trailer of a file whose content is what was written; null for any other file, and for none.</summary>
    internal static CacheTrailer? Check(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length < Bytes)
            {
                return null;
            }
            Span<byte> trailer = stackalloc byte[Bytes];
            Span<byte> hash = stackalloc byte[HashBytes];
            Hash(file, hash);
            file.Position = file.Length - Bytes;
            file.ReadExactly(trailer);
            return trailer.StartsWith(Field) && trailer[^HashBytes..].SequenceEqual(hash)
                ? new CacheTrailer(trailer[FieldBytes] != 0, BinaryPrimitives.ReadDoubleLittleEndian(trailer[(FieldBytes + 1)..]))
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Ends a file, and has it on the disk.</summary>
    internal static void Append(string path, double plainMilliseconds)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        Span<byte> trailer = stackalloc byte[Bytes];
        Field.CopyTo(trailer);
        BinaryPrimitives.WriteDoubleLittleEndian(trailer[(FieldBytes + 1)..], plainMilliseconds);
        file.Position = file.Length;
        file.Write(trailer);
        Seal(file);
    }

    /// <summary>Says that loading the file took longer than it should save. A power cut in between leaves a file that is ignored.</summary>
    internal static void MarkSlower(string path)
    {
        using FileStream file = File.Open(path, FileMode.Open);
        file.Position = file.Length - Bytes + FieldBytes;
        file.WriteByte(1);
        Seal(file);
    }

    private static void Seal(FileStream file)
    {
        Span<byte> hash = stackalloc byte[HashBytes];
        Hash(file, hash);
        file.Position = file.Length - HashBytes;
        file.Write(hash);
        file.Flush(flushToDisk: true);
    }

    // Everything but the hash itself.
    private static void Hash(FileStream file, Span<byte> hash)
    {
        const int Block = 1 << 16;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] block = new byte[Block];
        file.Position = 0;
        for (long left = file.Length - HashBytes; left > 0;)
        {
            int count = file.Read(block, 0, (int)Math.Min(left, Block));
            if (count == 0)
            {
                break;
            }
            sha.AppendData(block, 0, count);
            left -= count;
        }
        sha.GetHashAndReset(hash);
    }
}
