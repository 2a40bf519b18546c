namespace Edge.Graph;

/// <summary>Sizes and names of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    /// <summary>Bits an element takes; 0 for strings and undefined.</summary>
    /// <param name="type">The element type.</param>
    public static int BitsPerElement(this ElementType type) => type switch
    {
        ElementType.UInt2 or ElementType.Int2 => 2,
        ElementType.UInt4 or ElementType.Int4 or ElementType.Float4E2M1 => 4,
        ElementType.UInt8 or ElementType.Int8 or ElementType.Bool or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ
            or ElementType.Float8E5M2 or ElementType.Float8E5M2FNUZ or ElementType.Float8E8M0 => 8,
        ElementType.UInt16 or ElementType.Int16 or ElementType.Float16 or ElementType.BFloat16 => 16,
        ElementType.Float or ElementType.Int32 or ElementType.UInt32 => 32,
        ElementType.Double or ElementType.Int64 or ElementType.UInt64 or ElementType.Complex64 => 64,
        ElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>Bytes that <paramref name="count"/> elements take, the last byte filled up.</summary>
    /// <param name="type">The element type.</param>
    /// <param name="count">How many elements.</param>
    /// <exception cref="OverflowException">More bytes than a 64-bit number counts.</exception>
    public static long ByteLength(this ElementType type, long count) =>
        checked((count * type.BitsPerElement()) + 7) / 8;

    /// <summary>True for the floating-point types.</summary>
    /// <param name="type">The element type.</param>
    public static bool IsFloat(this ElementType type) => type is ElementType.Float or ElementType.Double or ElementType.Float16
        or ElementType.BFloat16 or ElementType.Float8E4M3FN or ElementType.Float8E4M3FNUZ or ElementType.Float8E5M2
        or ElementType.Float8E5M2FNUZ or ElementType.Float4E2M1 or ElementType.Float8E8M0;

    /// <summary>The name that users of ONNX know: <c>float32</c>, <c>int64</c>, <c>bfloat16</c>.</summary>
    /// <param name="type">The element type.</param>
    public static string Text(this ElementType type) => type switch
    {
        ElementType.Float => "float32",
        ElementType.Double => "float64",
        _ => type.ToString().ToLowerInvariant(),
    };

    /// <summary>The element type of a .NET number type.</summary>
    /// <typeparam name="T">float, double, a whole number type, bool or Half.</typeparam>
    /// <exception cref="ArgumentException">ONNX has no such element.</exception>
    public static ElementType Of<T>() where T : unmanaged
    {
        Type type = typeof(T);
        return type == typeof(float) ? ElementType.Float
            : type == typeof(byte) ? ElementType.UInt8
            : type == typeof(sbyte) ? ElementType.Int8
            : type == typeof(ushort) ? ElementType.UInt16
            : type == typeof(short) ? ElementType.Int16
            : type == typeof(int) ? ElementType.Int32
            : type == typeof(long) ? ElementType.Int64
            : type == typeof(bool) ? ElementType.Bool
            : type == typeof(Half) ? ElementType.Float16
            : type == typeof(double) ? ElementType.Double
            : type == typeof(uint) ? ElementType.UInt32
            : type == typeof(ulong) ? ElementType.UInt64
            : throw new ArgumentException($"ONNX has no element type for {type.Name}");
    }
}
