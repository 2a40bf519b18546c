using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Torch;

namespace Edge.Training;

/// <summary>
/// ONNX tensors to libtorch's and back. libtorch has no uint16, uint32 and uint64: they travel as int32, int64 and int64;
/// 4-bit integers travel as bytes.
/// </summary>
public static class TensorConversion
{
    /// <summary>A copy of a tensor on a device; the caller disposes it.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="what">What messages call it.</param>
    /// <param name="device">Where to put it.</param>
    /// <exception cref="TrainingException">libtorch has no such elements, or a uint64 is above 2⁶³ − 1.</exception>
    public static Tensor ToTorch(OnnxTensor tensor, string what, Device device = default)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        DataType type = ToDataType(tensor.Type)
            ?? throw new TrainingException($"{what}: the training engine has no tensors of {tensor.Type.Text()}{(tensor.Type == ElementType.String ? ": encode text as numbers before" : "; convert them to float32")}");
        ReadOnlySpan<byte> bytes = tensor.Type switch
        {
            ElementType.UInt16 => Widen<ushort, int>(tensor, value => value),
            ElementType.UInt32 => Widen<uint, long>(tensor, value => value),
            ElementType.UInt64 => Widen<ulong, long>(tensor, value => value <= long.MaxValue
                ? (long)value
                : throw new TrainingException($"{what}: the training engine has no uint64 above {long.MaxValue}")),
            ElementType.Int4 or ElementType.UInt4 => Unpack(tensor),
            _ => tensor.Bytes.Span,
        };
        return Tensor.From(type, bytes, tensor.Dims, device);
    }

    /// <summary>A copy of a tensor as an ONNX tensor of the type that the graph states; whole numbers wrap around.</summary>
    /// <param name="tensor">The tensor; its elements are of the type that <see cref="ToDataType"/> gives for <paramref name="type"/>.</param>
    /// <param name="type">What the elements are in the graph.</param>
    /// <exception cref="ArgumentException">The tensor's elements are of another type.</exception>
    public static OnnxTensor ToOnnx(Tensor tensor, ElementType type)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.Type != ToDataType(type))
        {
            throw new ArgumentException($"a tensor of {tensor.Type} does not hold {type.Text()}", nameof(type));
        }
        byte[] bytes = new byte[tensor.Length * tensor.Type.Size()];
        tensor.CopyTo(bytes);
        bytes = type switch
        {
            ElementType.UInt16 => Narrow<int, ushort>(bytes, value => (ushort)value),
            ElementType.UInt32 => Narrow<long, uint>(bytes, value => (uint)value),
            ElementType.Int4 or ElementType.UInt4 => Pack(bytes),
            _ => bytes,
        };
        return new OnnxTensor(type, tensor.Shape, bytes);
    }

    /// <summary>The elements with which libtorch stands for ONNX's; null where it has none.</summary>
    /// <param name="type">What the elements are in the graph.</param>
    public static DataType? ToDataType(ElementType type) => type switch
    {
        ElementType.Float => DataType.Float32,
        ElementType.Double => DataType.Float64,
        ElementType.Float16 => DataType.Float16,
        ElementType.BFloat16 => DataType.BFloat16,
        ElementType.Int64 or ElementType.UInt64 or ElementType.UInt32 => DataType.Int64,
        ElementType.Int32 or ElementType.UInt16 => DataType.Int32,
        ElementType.Int16 => DataType.Int16,
        ElementType.Int8 or ElementType.Int4 => DataType.Int8,
        ElementType.UInt8 or ElementType.UInt4 => DataType.UInt8,
        ElementType.Bool => DataType.Bool,
        _ => null,
    };

    private static byte[] Widen<TFrom, TTo>(OnnxTensor tensor, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged =>
        Narrow(tensor.Bytes.Span, convert);

    private static byte[] Narrow<TFrom, TTo>(ReadOnlySpan<byte> bytes, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
        where TTo : unmanaged
    {
        ReadOnlySpan<TFrom> values = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var results = new TTo[values.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = convert(values[i]);
        }
        return MemoryMarshal.AsBytes(results.AsSpan()).ToArray();
    }

    private static byte[] Unpack(OnnxTensor tensor)
    {
        byte[] values = new byte[tensor.Length];
        ReadOnlySpan<byte> packed = tensor.Bytes.Span;
        for (int i = 0; i < values.Length; i++)
        {
            int value = (packed[i / 2] >> (i % 2 * 4)) & 0xF;
            values[i] = (byte)(tensor.Type == ElementType.Int4 && value > 7 ? value - 16 : value);
        }
        return values;
    }

    private static byte[] Pack(byte[] values)
    {
        byte[] packed = new byte[(values.Length + 1) / 2];
        for (int i = 0; i < values.Length; i++)
        {
            packed[i / 2] |= (byte)((values[i] & 0xF) << (i % 2 * 4));
        }
        return packed;
    }
}
