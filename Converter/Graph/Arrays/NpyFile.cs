using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Edge.Graph.Arrays;

/// <summary>NumPy's array files (<c>.npy</c>, format versions 1 to 3): numbers in C order, little-endian.</summary>
public static class NpyFile
{
    /// <summary>The most bytes of elements that are read.</summary>
    public const int MaximumBytes = int.MaxValue - 65_536;

    private const int MaximumHeader = 1 << 16;
    private const int MaximumRank = 32;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFormatException">It is missing, damaged, too large, big-endian, in Fortran order, or holds no numbers.</exception>
    public static OnnxTensor Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Read(file, file.Length, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Reads an array from memory.</summary>
    /// <param name="bytes">The content of a file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ModelFormatException">It is damaged, big-endian, in Fortran order, or holds no numbers.</exception>
    public static OnnxTensor Parse(byte[] bytes, string source = "array")
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var stream = new MemoryStream(bytes, writable: false);
        return Read(stream, bytes.Length, source);
    }

    private static OnnxTensor Read(Stream stream, long length, string source)
    {
        Span<byte> start = stackalloc byte[12];
        int have = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (have < start.Length || !start.StartsWith(Magic) || start[6] is < 1 or > 3)
        {
            throw new ModelFormatException($"{source}: is not a .npy file of version 1 to 3; save it with numpy.save");
        }
        bool isFirst = start[6] == 1;
        long header = isFirst ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (header > MaximumHeader || header < 2)
        {
            throw new ModelFormatException($"{source}: has a header of {header} bytes; save it again with numpy.save");
        }
        byte[] text = new byte[header];
        int early = isFirst ? 2 : 0;
        start[^early..].CopyTo(text);
        Fill(stream, text.AsSpan(early), source);
        (ElementType type, long[] dims) = ParseHeader(Encoding.Latin1.GetString(text), source);
        long count = 1;
        foreach (long dim in dims)
        {
            count = dim == 0 ? 0 : count <= MaximumBytes / dim ? count * dim : throw new ModelFormatException($"{source}: has over {MaximumBytes >> 20} MiB; split it");
        }
        long bytes = type.ByteLength(count);
        long rest = length - start.Length - header + early;
        if (bytes > MaximumBytes || bytes != rest)
        {
            throw new ModelFormatException($"{source}: {type.Text()}[{string.Join(',', dims)}] takes {bytes} bytes, the file has {rest}; fetch it again");
        }
        byte[] data = new byte[bytes];
        Fill(stream, data, source);
        return new OnnxTensor(type, dims, data);
    }

    /// <summary>Reads the dictionary <c>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (3, 4), }</c>.</summary>
    private static (ElementType Type, long[] Dims) ParseHeader(string header, string source)
    {
        string descr = Value("descr").Trim('\'', '"');
        ElementType type = descr switch
        {
            "<f4" => ElementType.Float,
            "<f8" => ElementType.Double,
            "<f2" => ElementType.Float16,
            "|u1" or "<u1" => ElementType.UInt8,
            "|i1" or "<i1" => ElementType.Int8,
            "<u2" => ElementType.UInt16,
            "<i2" => ElementType.Int16,
            "<u4" => ElementType.UInt32,
            "<i4" => ElementType.Int32,
            "<u8" => ElementType.UInt64,
            "<i8" => ElementType.Int64,
            "|b1" => ElementType.Bool,
            _ => throw new ModelFormatException($"{source}: holds elements of NumPy type '{(descr.Length > 20 ? descr[..20] : descr)}'; save little-endian numbers"),
        };
        if (Value("fortran_order") != "False")
        {
            throw new ModelFormatException($"{source}: is in Fortran order; save numpy.ascontiguousarray of it");
        }
        string[] sizes = Value("shape").Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (sizes.Length > MaximumRank)
        {
            throw Damaged();
        }
        long[] dims = Array.ConvertAll(sizes, size => long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw Damaged());
        return (type, dims);

        string Value(string key)
        {
            int place = header.IndexOf($"'{key}'", StringComparison.Ordinal);
            int colon = place < 0 ? -1 : header.IndexOf(':', place);
            if (colon < 0)
            {
                throw Damaged();
            }
            ReadOnlySpan<char> rest = header.AsSpan(colon + 1).TrimStart();
            int end = rest.StartsWith("(") ? rest.IndexOf(')') + 1 : rest.IndexOfAny(',', '}');
            return end > 0 ? rest[..end].Trim().ToString() : throw Damaged();
        }

        ModelFormatException Damaged() => new($"{source}: has a damaged header; save it again with numpy.save");
    }

    private static void Fill(Stream stream, Span<byte> target, string source)
    {
        if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
        {
            throw new ModelFormatException($"{source}: is cut short; fetch it again");
        }
    }
}
