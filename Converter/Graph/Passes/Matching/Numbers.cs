using System.Runtime.InteropServices;

namespace Edge.Graph.Passes.Matching;

/// <summary>Constants as numbers, whatever their element type.</summary>
internal static class Numbers
{
    /// <summary>The first element.</summary>
    /// <returns>False for an empty tensor and for element types without a .NET number.</returns>
    internal static bool TryFirst(OnnxTensor tensor, out double number)
    {
        if (tensor.Length == 0 || tensor.Strings is not null)
        {
            number = 0;
            return false;
        }
        double? found = At(tensor, 0);
        number = found ?? 0;
        return found is not null;
    }

    /// <summary>Is every element the given number? False for an empty tensor.</summary>
    internal static bool AreAll(OnnxTensor tensor, double number)
    {
        if (!TryFirst(tensor, out double first) || first != number)
        {
            return false;
        }
        int size = tensor.Type.BitsPerElement() / 8;
        // Every element is the first one, bit for bit: the content equals itself one element further on.
        ReadOnlySpan<byte> bytes = tensor.Bytes.Span;
        return size > 0 && bytes[size..].SequenceEqual(bytes[..^size]);
    }

    /// <summary>Are all elements alike, bit for bit?</summary>
    internal static bool IsUniform(OnnxTensor tensor)
    {
        int size = tensor.Type.BitsPerElement() / 8;
        ReadOnlySpan<byte> bytes = tensor.Bytes.Span;
        return size == 0 || bytes.Length <= size || bytes[size..].SequenceEqual(bytes[..^size]);
    }

    /// <summary>int32 or int64 content as int64; null for other types.</summary>
    internal static long[]? Integers(OnnxTensor tensor) => tensor.Type switch
    {
        ElementType.Int64 => tensor.ToArray<long>(),
        ElementType.Int32 => Array.ConvertAll(tensor.ToArray<int>(), item => (long)item),
        _ => null,
    };

    /// <summary>float32 or float64 content as float64; null for other types.</summary>
    internal static double[]? Reals(OnnxTensor tensor) => tensor.Type switch
    {
        ElementType.Double => tensor.ToArray<double>(),
        ElementType.Float => Array.ConvertAll(tensor.ToArray<float>(), item => (double)item),
        _ => null,
    };

    /// <summary>Numbers as a tensor of float32 or float64.</summary>
    internal static OnnxTensor FromReals(ElementType type, double[] data, params long[] dims) => type switch
    {
        ElementType.Double => OnnxTensor.From<double>(data, dims),
        ElementType.Float => OnnxTensor.From<float>(Array.ConvertAll(data, item => (float)item), dims),
        _ => throw new ArgumentException($"{type.Text()} is neither float32 nor float64", nameof(type)),
    };

    /// <summary>A number as a tensor without axes, or null where the type has no such number here.</summary>
    internal static OnnxTensor? Scalar(ElementType type, double number) => type switch
    {
        ElementType.Float => OnnxTensor.Scalar((float)number),
        ElementType.Double => OnnxTensor.Scalar(number),
        ElementType.Float16 => OnnxTensor.Scalar((Half)number),
        _ => null,
    };

    /// <summary>An element; null for strings and for types without a .NET number.</summary>
    internal static double? At(OnnxTensor tensor, int index) => tensor.Type switch
    {
        ElementType.Float => tensor.AsSpan<float>()[index],
        ElementType.Double => tensor.AsSpan<double>()[index],
        ElementType.Float16 => (double)tensor.AsSpan<Half>()[index],
        ElementType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(tensor.Bytes.Span)[index] << 16),
        ElementType.Int64 => tensor.AsSpan<long>()[index],
        ElementType.Int32 => tensor.AsSpan<int>()[index],
        ElementType.Int16 => tensor.AsSpan<short>()[index],
        ElementType.Int8 => tensor.AsSpan<sbyte>()[index],
        ElementType.UInt8 => tensor.AsSpan<byte>()[index],
        ElementType.UInt16 => tensor.AsSpan<ushort>()[index],
        ElementType.UInt32 => tensor.AsSpan<uint>()[index],
        ElementType.UInt64 => tensor.AsSpan<ulong>()[index],
        _ => null,
    };
}
