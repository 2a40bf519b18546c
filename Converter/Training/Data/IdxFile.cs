using System.Buffers.Binary;
using System.IO.Compression;

namespace Edge.Training.Data;

/// <summary>An IDX file, the format of MNIST: bytes in up to four dimensions, plain or gzip (name ends in <c>.gz</c>).</summary>
public sealed class IdxFile
{
    /// <summary>The most bytes that are read.</summary>
    public const long MaximumBytes = 1L << 30;

    private const byte UnsignedByte = 0x08;
    private const int MaximumRank = 4;
    private const int ChunkBytes = 1 << 20;

    private IdxFile(int[] dims, byte[] bytes)
    {
        Dims = dims;
        Bytes = bytes;
    }

    /// <summary>The size of each dimension; for images: how many, rows, columns.</summary>
    public IReadOnlyList<int> Dims { get; }

    /// <summary>The elements in C order.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="DataException">It is missing, not IDX, of another element type, cut short, too long, or over 1 GiB.</exception>
    public static IdxFile Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            if (!path.EndsWith(".gz", StringComparison.Ordinal))
            {
                return Read(file, path);
            }
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            return Read(unpacked, path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException($"{path}: no such file; check the path of the data set", e);
        }
        catch (InvalidDataException e)
        {
            throw new DataException($"{path}: is damaged gzip ({e.Message.Split('\n')[0]}); fetch it again", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads unpacked IDX.</summary>
    /// <param name="stream">The bytes, to their end.</param>
    /// <param name="source">What messages call them.</param>
    /// <exception cref="DataException">They are not IDX, of another element type, cut short, too long, or over 1 GiB.</exception>
    public static IdxFile Read(Stream stream, string source)
    {
        Span<byte> head = stackalloc byte[4 + (4 * MaximumRank)];
        Fill(stream, head[..4], source);
        if (head[0] != 0 || head[1] != 0)
        {
            throw new DataException($"{source}: is not an IDX file (it begins with {Convert.ToHexString(head[..4])}); give MNIST-style files");
        }
        if (head[2] != UnsignedByte)
        {
            throw new DataException($"{source}: holds elements of IDX type 0x{head[2]:x2}; only 0x08, unsigned bytes, is read");
        }
        int rank = head[3];
        if (rank is < 1 or > MaximumRank)
        {
            throw new DataException($"{source}: has {rank} dimensions; 1 to {MaximumRank} are read");
        }
        Fill(stream, head.Slice(4, 4 * rank), source);
        int[] dims = new int[rank];
        long length = 1;
        for (int i = 0; i < rank; i++)
        {
            uint size = BinaryPrimitives.ReadUInt32BigEndian(head[(4 + (4 * i))..]);
            length = size == 0 || length <= MaximumBytes / size ? length * size : long.MaxValue;
            if (length > MaximumBytes)
            {
                throw new DataException($"{source}: its header promises more than {MaximumBytes >> 20} MiB; it is damaged, or split it");
            }
            dims[i] = (int)size;
        }
        byte[] bytes = ReadBody(stream, (int)length, source);
        if (stream.ReadByte() >= 0)
        {
            throw new DataException($"{source}: is longer than the [{string.Join(',', dims)}] of its header; fetch it again");
        }
        return new IdxFile(dims, bytes);
    }

    /// <summary>Memory grows with what arrives, not with what the header promises.</summary>
    private static byte[] ReadBody(Stream stream, int length, string source)
    {
        byte[] bytes = new byte[Math.Min(length, ChunkBytes)];
        int filled = 0;
        while (filled < length)
        {
            if (filled == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * bytes.Length));
            }
            int read = stream.Read(bytes.AsSpan(filled));
            if (read == 0)
            {
                throw new DataException($"{source}: is cut short after {filled} of {length} bytes of data; fetch it again");
            }
            filled += read;
        }
        return bytes;
    }

    private static void Fill(Stream stream, Span<byte> target, string source)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new DataException($"{source}: is cut short within its header; fetch it again");
        }
    }
}
