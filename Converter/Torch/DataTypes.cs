namespace Edge.Torch;

/// <summary>Facts about <see cref="DataType"/>.</summary>
public static class DataTypes
{
    /// <summary>Bytes of one element.</summary>
    /// <param name="type">The element type.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a value of <see cref="DataType"/>.</exception>
    public static int Size(this DataType type) => type switch
    {
        DataType.UInt8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Int16 or DataType.Float16 or DataType.BFloat16 => 2,
        DataType.Int32 or DataType.Float32 => 4,
        DataType.Int64 or DataType.Float64 => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>Whether the type has fractions, so that gradients can flow through it.</summary>
    /// <param name="type">The element type.</param>
    public static bool IsFloatingPoint(this DataType type) =>
        type is DataType.Float16 or DataType.Float32 or DataType.Float64 or DataType.BFloat16;

    /// <summary>The element type that a .NET type stands for.</summary>
    /// <typeparam name="T">byte, sbyte, short, int, long, Half, float, double or bool.</typeparam>
    /// <exception cref="ArgumentException">There is no such tensor type.</exception>
    public static DataType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DataType.Float32
        : typeof(T) == typeof(long) ? DataType.Int64
        : typeof(T) == typeof(byte) ? DataType.UInt8
        : typeof(T) == typeof(double) ? DataType.Float64
        : typeof(T) == typeof(int) ? DataType.Int32
        : typeof(T) == typeof(bool) ? DataType.Bool
        : typeof(T) == typeof(sbyte) ? DataType.Int8
        : typeof(T) == typeof(short) ? DataType.Int16
        : typeof(T) == typeof(Half) ? DataType.Float16
        : throw new ArgumentException($"a tensor cannot hold {typeof(T).Name}");
}
