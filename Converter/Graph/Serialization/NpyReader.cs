using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Edge.Graph.Serialization;

/// <summary>
/// Reads tensors from NumPy's <c>.npy</c> files, format 1 to 3: every type of numbers that ONNX has, little- and big-endian,
/// C and Fortran order. The format: numpy.org, "NEP 1" and <c>numpy.lib.format</c>.
/// </summary>
public static partial class NpyReader
{
    private const int LargestHeader = 1 << 16;

    private static readonly byte[] Magic = [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">Its content; a tensor in C order and little-endian lies in it, without a copy.</param>
    /// <param name="source">What messages call it.</param>
    /// <returns>The tensor, in C order.</returns>
    /// <exception cref="ModelFormatException">The bytes are no such file, or hold strings, objects or records.</exception>
    public static OnnxTensor Read(ReadOnlyMemory<byte> bytes, string source)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (span.Length < 12 || !span.StartsWith(Magic) || span[6] is < 1 or > 3)
        {
            throw new ModelFormatException($"{source}: not a NumPy file of format 1 to 3; write it with numpy.save");
        }
        int start = span[6] == 1 ? 10 : 12;
        long length = span[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(span[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        if (length > LargestHeader || length > span.Length - start)
        {
            throw new ModelFormatException($"{source}: its header is cut short or longer than {LargestHeader} bytes; write it again with numpy.save");
        }
        string header = Encoding.Latin1.GetString(span.Slice(start, (int)length));
        Match type = Descr().Match(header);
        Match order = Order().Match(header);
        Match shape = Shape().Match(header);
        if (!type.Success || !order.Success || !shape.Success || Element(type.Groups[2].Value) is not { } element)
        {
            throw new ModelFormatException($"{source}: holds something else than an array of numbers; write it with numpy.save from a numeric array");
        }
        long[] dims = Dims(shape.Groups[1].Value) ?? throw new ModelFormatException($"{source}: its shape ({shape.Groups[1].Value}) is not understood; write it again with numpy.save");
        try
        {
            var tensor = new OnnxTensor(element, dims, bytes[(start + (int)length)..]);
            int size = element.BitsPerElement() / 8;
            // Complex numbers are two.
            int word = element is ElementType.Complex64 or ElementType.Complex128 ? size / 2 : size;
            bool isForeign = type.Groups[1].Value == ">" && word > 1;
            tensor = isForeign ? new OnnxTensor(element, dims, Swap(tensor.Bytes.Span, word)) : tensor;
            return order.Groups[1].Value == "True" && dims.Length > 1 ? new OnnxTensor(element, dims, Transpose(tensor.Bytes.Span, dims, size)) : tensor;
        }
        catch (ArgumentException e)
        {
            throw new ModelFormatException($"{source}: {e.Message.Split(" (Parameter")[0]}; the file is damaged, write it again with numpy.save", e);
        }
    }

    private static ElementType? Element(string code) => code switch
    {
        "f2" => ElementType.Float16,
        "f4" => ElementType.Float,
        "f8" => ElementType.Double,
        "i1" => ElementType.Int8,
        "i2" => ElementType.Int16,
        "i4" => ElementType.Int32,
        "i8" => ElementType.Int64,
        "u1" => ElementType.UInt8,
        "u2" => ElementType.UInt16,
        "u4" => ElementType.UInt32,
        "u8" => ElementType.UInt64,
        "b1" => ElementType.Bool,
        "c8" => ElementType.Complex64,
        "c16" => ElementType.Complex128,
        _ => null,
    };

    private static long[]? Dims(string text)
    {
        string[] parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        long[] dims = new long[parts.Length];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (!long.TryParse(parts[axis].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out dims[axis]))
            {
                return null;
            }
        }
        return dims.Length <= OnnxTensor.MaximumRank ? dims : null;
    }

    private static byte[] Swap(ReadOnlySpan<byte> bytes, int word)
    {
        byte[] swapped = bytes.ToArray();
        for (int place = 0; place < swapped.Length; place += word)
        {
            swapped.AsSpan(place, word).Reverse();
        }
        return swapped;
    }

    // Walks the elements in C order; in Fortran order the first axis is the one whose elements lie side by side.
    private static byte[] Transpose(ReadOnlySpan<byte> bytes, long[] dims, int size)
    {
        byte[] ordered = new byte[bytes.Length];
        long[] index = new long[dims.Length];
        for (int place = 0; place < ordered.Length; place += size)
        {
            long from = 0;
            for (int axis = dims.Length - 1; axis >= 0; axis--)
            {
                from = (from * dims[axis]) + index[axis];
            }
            bytes.Slice((int)(from * size), size).CopyTo(ordered.AsSpan(place));
            for (int axis = dims.Length - 1; axis >= 0 && ++index[axis] == dims[axis]; axis--)
            {
                index[axis] = 0;
            }
        }
        return ordered;
    }

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([<>|=])([a-z][0-9]+)['"]""")]
    private static partial Regex Descr();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex Order();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9L,\s]*)\)""")]
    private static partial Regex Shape();
}
