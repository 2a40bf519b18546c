using Edge.Graph;

namespace Edge.Quantizer;

/// <summary>Facts about <see cref="QuantizedType"/>.</summary>
public static class QuantizedTypes
{
    /// <summary>The smallest number.</summary>
    /// <param name="type">The type.</param>
    public static int Minimum(this QuantizedType type) => type switch
    {
        QuantizedType.Int8 => sbyte.MinValue,
        QuantizedType.Int16 => short.MinValue,
        _ => 0,
    };

    /// <summary>The largest number.</summary>
    /// <param name="type">The type.</param>
    public static int Maximum(this QuantizedType type) => type switch
    {
        QuantizedType.UInt8 => byte.MaxValue,
        QuantizedType.Int8 => sbyte.MaxValue,
        QuantizedType.UInt16 => ushort.MaxValue,
        _ => short.MaxValue,
    };

    /// <summary>Does it take two bytes?</summary>
    /// <param name="type">The type.</param>
    public static bool IsWide(this QuantizedType type) => type is QuantizedType.UInt16 or QuantizedType.Int16;

    /// <summary>A scalar tensor of the type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">A number within its range.</param>
    internal static OnnxTensor Scalar(this QuantizedType type, int value) => type switch
    {
        QuantizedType.UInt8 => OnnxTensor.Scalar((byte)value),
        QuantizedType.Int8 => OnnxTensor.Scalar((sbyte)value),
        QuantizedType.UInt16 => OnnxTensor.Scalar((ushort)value),
        _ => OnnxTensor.Scalar((short)value),
    };
}
