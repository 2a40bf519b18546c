using System.Runtime.InteropServices;

namespace Edge.Graph;

/// <summary>A constant tensor. Its content never changes: a new content is a new tensor.</summary>
public sealed class OnnxTensor
{
    /// <summary>A file whose tensors have more axes than that is damaged: no operator takes a tenth of them.</summary>
    internal const int MaximumRank = 1_000;

    /// <summary>A tensor of numbers.</summary>
    /// <param name="type">What the elements are; not <see cref="ElementType.String"/>.</param>
    /// <param name="dims">Sizes of the axes, outermost first; none is a scalar.</param>
    /// <param name="bytes">The elements in C order, little-endian, types under a byte packed from the low bits; kept, not copied.</param>
    /// <exception cref="ArgumentException">A size is negative, or the bytes are more or fewer than the sizes ask for.</exception>
    public OnnxTensor(ElementType type, long[] dims, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(dims);
        Type = type;
        Dims = dims;
        Length = CountElements(dims);
        Bytes = bytes;
        if (type.BitsPerElement() == 0)
        {
            throw new ArgumentException($"elements of type {type.Text()} are not numbers", nameof(type));
        }
        if (type.ByteLength(Length) != bytes.Length)
        {
            throw new ArgumentException($"{type.Text()}[{string.Join(',', dims)}] takes {type.ByteLength(Length)} bytes, {bytes.Length} are given", nameof(bytes));
        }
    }

    /// <summary>A tensor of strings.</summary>
    /// <param name="dims">Sizes of the axes, outermost first; none is a scalar.</param>
    /// <param name="strings">The elements in C order, UTF-8 by convention; kept, not copied.</param>
    /// <exception cref="ArgumentException">A size is negative, or the strings are more or fewer than the sizes ask for.</exception>
    public OnnxTensor(long[] dims, ReadOnlyMemory<byte>[] strings)
    {
        ArgumentNullException.ThrowIfNull(dims);
        ArgumentNullException.ThrowIfNull(strings);
        Type = ElementType.String;
        Dims = dims;
        Length = CountElements(dims);
        Strings = strings;
        if (strings.Length != Length)
        {
            throw new ArgumentException($"string[{string.Join(',', dims)}] takes {Length} strings, {strings.Length} are given", nameof(strings));
        }
    }

    /// <summary>What the elements are.</summary>
    public ElementType Type { get; }

    /// <summary>Sizes of the axes, outermost first.</summary>
    public long[] Dims { get; }

    /// <summary>How many elements.</summary>
    public long Length { get; }

    /// <summary>The elements in C order, little-endian; empty for strings.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The elements of a tensor of strings.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Strings { get; }

    /// <summary>The name that an attribute's tensor carries; an initializer's name is its value's.</summary>
    public string? Name { get; init; }

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; init; }

    /// <summary>Key-value pairs that tools left on it, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata { get; init; } = [];

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; init; }

    /// <summary>Makes a tensor of a copy of the data.</summary>
    /// <typeparam name="T">float, double, a whole number type, bool or Half.</typeparam>
    /// <param name="data">The elements in C order.</param>
    /// <param name="dims">Sizes of the axes; none is a scalar.</param>
    /// <exception cref="ArgumentException">The data are more or fewer than the sizes ask for, or ONNX has no such element.</exception>
    public static OnnxTensor From<T>(ReadOnlySpan<T> data, params long[] dims) where T : unmanaged =>
        new(ElementTypes.Of<T>(), dims, MemoryMarshal.AsBytes(data).ToArray());

    /// <summary>Makes a tensor of one element without axes.</summary>
    /// <typeparam name="T">float, double, a whole number type, bool or Half.</typeparam>
    /// <param name="value">The element.</param>
    public static OnnxTensor Scalar<T>(T value) where T : unmanaged => From<T>([value]);

    /// <summary>Reads a tensor from the content of a file of its own, such as the test inputs that ONNX models come with (<c>input_0.pb</c>).</summary>
    /// <param name="bytes">A <c>TensorProto</c>; it may not name external data.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="ModelFormatException">The bytes are not a tensor.</exception>
    public static OnnxTensor Parse(ReadOnlyMemory<byte> bytes, string source = "tensor") => Serialization.TensorReader.ReadFile(bytes, source);

    /// <summary>The elements where they lie.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The tensor holds something else.</exception>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged
    {
        return ElementTypes.Of<T>() == Type
            ? MemoryMarshal.Cast<byte, T>(Bytes.Span)
            : throw new InvalidOperationException($"the tensor holds {Type.Text()}, not {ElementTypes.Of<T>().Text()}");
    }

    /// <summary>A copy of the elements.</summary>
    /// <typeparam name="T">The .NET type of <see cref="Type"/>.</typeparam>
    /// <exception cref="InvalidOperationException">The tensor holds something else.</exception>
    public T[] ToArray<T>() where T : unmanaged => AsSpan<T>().ToArray();

    /// <summary>Same type, sizes and content, bit for bit?</summary>
    /// <param name="other">The other tensor.</param>
    public bool ContentEquals(OnnxTensor other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Type != other.Type || !Dims.AsSpan().SequenceEqual(other.Dims) || !Bytes.Span.SequenceEqual(other.Bytes.Span))
        {
            return false;
        }
        return Strings is null || Strings.Zip(other.Strings!).All(pair => pair.First.Span.SequenceEqual(pair.Second.Span));
    }

    /// <summary><c>float32[32,1,3,3]</c>.</summary>
    public override string ToString() => $"{Type.Text()}[{string.Join(',', Dims)}]";

    private static long CountElements(long[] dims)
    {
        long count = 1;
        foreach (long dim in dims)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dim, nameof(dims));
            try
            {
                count = checked(count * dim);
            }
            catch (OverflowException)
            {
                throw new ArgumentException($"[{string.Join(',', dims)}] has more elements than a 64-bit number counts", nameof(dims));
            }
        }
        return count;
    }
}
