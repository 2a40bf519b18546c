namespace Edge.Torch;

/// <summary>One argument of an <see cref="Operator"/>. Everything that an operator takes converts to it by itself.</summary>
public readonly struct Argument
{
    private Argument(ValueTag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>No value, for an optional argument.</summary>
    public static Argument None => default;

    /// <summary>Whatever the operator's schema says.</summary>
    public static Argument Default => new(ValueTag.Default, 0);

    internal ValueTag Tag { get; }

    internal long Bits { get; }

    internal object? Reference { get; }

    /// <summary>A tensor; null is <see cref="None"/>.</summary>
    /// <param name="value">The tensor.</param>
    public static implicit operator Argument(Tensor? value) => value is null ? None : new(ValueTag.Tensor, 0, value);

    /// <summary>An integer, which an operator also takes for a real number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Argument(long value) => new(ValueTag.Int, value);

    /// <summary>An integer, which an operator also takes for a real number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Argument(int value) => new(ValueTag.Int, value);

    /// <summary>A real number.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Argument(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>True or false.</summary>
    /// <param name="value">The truth.</param>
    public static implicit operator Argument(bool value) => new(ValueTag.Bool, value ? 1 : 0);

    /// <summary>An element type.</summary>
    /// <param name="value">The type.</param>
    public static implicit operator Argument(DataType value) => new(ValueTag.Int, (long)value);

    /// <summary>A device.</summary>
    /// <param name="value">The device.</param>
    public static implicit operator Argument(Device value) => new(ValueTag.String, 0, value.ToString());

    /// <summary>A name; null is <see cref="None"/>.</summary>
    /// <param name="value">The name.</param>
    public static implicit operator Argument(string? value) => value is null ? None : new(ValueTag.String, 0, value);

    /// <summary>A list of integers; null is <see cref="None"/>. It is not copied before the call.</summary>
    /// <param name="value">The integers.</param>
    public static implicit operator Argument(long[]? value) => value is null ? None : new(ValueTag.IntList, 0, value);

    /// <summary>A list of real numbers; null is <see cref="None"/>. It is not copied before the call.</summary>
    /// <param name="value">The numbers.</param>
    public static implicit operator Argument(double[]? value) => value is null ? None : new(ValueTag.DoubleList, 0, value);

    /// <summary>A list of tensors, in which null is an absent one; null is <see cref="None"/>.</summary>
    /// <param name="value">The tensors.</param>
    public static implicit operator Argument(Tensor?[]? value) => value is null ? None : new(ValueTag.TensorList, 0, value);
}
