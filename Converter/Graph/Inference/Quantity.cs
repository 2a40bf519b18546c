using System.Globalization;

namespace Edge.Graph.Inference;

/// <summary>
/// One element of a small tensor that shapes are computed with: a size divided by a power of two, which is what float
/// arithmetic on sizes needs. The default is an element that is not known.
/// </summary>
internal readonly record struct Quantity
{
    private const long LargestDenominator = 1 << 30;
    private const long LargestSymbolicDenominator = 1 << 10;

    private Quantity(SizeExpression numerator, long denominator)
    {
        Numerator = numerator;
        Denominator = denominator;
    }

    internal SizeExpression? Numerator { get; }

    internal long Denominator { get; }

    internal bool IsKnown => Numerator is not null;

    /// <summary>The size, if it is a whole one.</summary>
    internal SizeExpression? Whole => Denominator == 1 ? Numerator : null;

    /// <summary>The number, if no symbol is left and it is whole.</summary>
    internal long? Constant => Whole?.Constant;

    /// <summary>The number, if no symbol is left.</summary>
    internal double? Real => Numerator?.Constant is { } constant ? (double)constant / Denominator : null;

    internal static Quantity Of(SizeExpression? size) => size is null ? default : new Quantity(size, 1);

    internal static Quantity Of(long value) => new(SizeExpression.Of(value), 1);

    internal static Quantity Of(bool value) => Of(value ? 1 : 0);

    /// <summary>An element that a file states as a float; unknown unless few binary digits write it down.</summary>
    internal static Quantity Of(double value)
    {
        for (long denominator = 1; denominator <= LargestDenominator; denominator *= 2)
        {
            double scaled = value * denominator;
            if (Math.Abs(scaled) > 1L << 53)
            {
                break;
            }
            if (scaled == Math.Floor(scaled))
            {
                return new Quantity(SizeExpression.Of((long)scaled), denominator);
            }
        }
        return default;
    }

    internal static Quantity Add(Quantity a, Quantity b) => Combine(a, b, SizeExpression.Add);

    internal static Quantity Subtract(Quantity a, Quantity b) => Combine(a, b, SizeExpression.Subtract);

    internal static Quantity Min(Quantity a, Quantity b) => Combine(a, b, SizeExpression.Min);

    internal static Quantity Max(Quantity a, Quantity b) => Combine(a, b, SizeExpression.Max);

    internal static Quantity Multiply(Quantity a, Quantity b) =>
        a.IsKnown && b.IsKnown && SizeExpression.Multiply(a.Numerator, b.Numerator) is { } product ? Reduce(product, a.Denominator * b.Denominator) : default;

    /// <summary>The quotient of floats, or of whole numbers rounded towards zero.</summary>
    internal static Quantity Divide(Quantity a, Quantity b, bool isFloat)
    {
        if (!a.IsKnown || !b.IsKnown || b.Numerator!.Constant == 0)
        {
            return default;
        }
        if (!isFloat)
        {
            return Of(DivideWhole(a.Whole, b.Whole));
        }
        if (SizeExpression.Multiply(a.Numerator, SizeExpression.Of(b.Denominator)) is not { } numerator)
        {
            return default;
        }
        if (b.Numerator.Constant is > 0 and <= LargestDenominator and { } divisor)
        {
            return SizeExpression.DivideExactly(numerator, b.Numerator) is { } exact ? Reduce(exact, a.Denominator)
                : long.IsPow2(divisor) ? Reduce(numerator, a.Denominator * divisor) : default;
        }
        return SizeExpression.DivideExactly(numerator, b.Numerator) is { } quotient ? Reduce(quotient, a.Denominator) : default;
    }

    /// <summary>The rest of a whole division; its sign is the divisor's, or with <paramref name="truncated"/> the dividend's.</summary>
    internal static Quantity Modulo(Quantity a, Quantity b, bool truncated)
    {
        if (a.Constant is { } left && b.Constant is { } right)
        {
            return right is 0 or -1 ? right == 0 ? default : Of(0) : Of(truncated ? left % right : ((left % right) + right) % right);
        }
        if (a.Whole is not { } dividend || b.Whole is not { } divisor || dividend.Bounds().Lower < 0 || divisor.Bounds().Lower <= 0)
        {
            return default;
        }
        return Of(SizeExpression.Subtract(dividend, SizeExpression.Multiply(SizeExpression.FloorDivide(dividend, divisor), divisor)));
    }

    internal Quantity Negate() => Subtract(Of(0), this);

    internal Quantity Floor() => IsKnown ? Of(SizeExpression.FloorDivide(Numerator, SizeExpression.Of(Denominator))) : default;

    internal Quantity Ceiling() => IsKnown ? Of(SizeExpression.CeilDivide(Numerator, SizeExpression.Of(Denominator))) : default;

    /// <summary>Rounded towards zero, as a cast to a whole type does.</summary>
    internal Quantity Truncate() => !IsKnown ? default : Numerator!.Bounds().Lower >= 0 ? Floor() : Numerator.Bounds().Upper <= 0 ? Ceiling() : default;

    /// <summary>Rounded to the nearest, halves to even; only for numbers.</summary>
    internal Quantity Round() => Denominator == 1 ? this : Real is { } real ? Of((long)Math.Round(real, MidpointRounding.ToEven)) : default;

    /// <summary>-1, 0 or 1, if the order of the two does not hang on a symbol.</summary>
    internal static int? Compare(Quantity a, Quantity b)
    {
        Quantity difference = Subtract(a, b);
        if (difference.Numerator is not { } sign)
        {
            return null;
        }
        (long lower, long upper) = sign.Bounds();
        return lower > 0 ? 1 : upper < 0 ? -1 : lower == 0 && upper == 0 ? 0 : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Numerator is null ? "?" : Denominator == 1 ? Numerator.Text : string.Create(CultureInfo.InvariantCulture, $"({Numerator.Text})/{Denominator}");

    private static SizeExpression? DivideWhole(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null)
        {
            return null;
        }
        if (a.Constant is { } left && b.Constant is { } right)
        {
            return right == 0 || (right == -1 && left == long.MinValue) ? null : SizeExpression.Of(left / right);
        }
        return SizeExpression.DivideExactly(a, b) ?? (a.Bounds().Lower >= 0 && b.Bounds().Lower > 0 ? SizeExpression.FloorDivide(a, b) : null);
    }

    private static Quantity Combine(Quantity a, Quantity b, Func<SizeExpression?, SizeExpression?, SizeExpression?> operation)
    {
        if (!a.IsKnown || !b.IsKnown)
        {
            return default;
        }
        long denominator = Math.Max(a.Denominator, b.Denominator);
        SizeExpression? result = operation(
            SizeExpression.Multiply(a.Numerator, SizeExpression.Of(denominator / a.Denominator)),
            SizeExpression.Multiply(b.Numerator, SizeExpression.Of(denominator / b.Denominator)));
        return result is null ? default : Reduce(result, denominator);
    }

    private static Quantity Reduce(SizeExpression numerator, long denominator)
    {
        SizeExpression? half = denominator > 1 ? SizeExpression.DivideExactly(numerator, SizeExpression.Of(2)) : null;
        while (denominator > 1 && half is not null)
        {
            (numerator, denominator) = (half, denominator / 2);
            half = SizeExpression.DivideExactly(numerator, SizeExpression.Of(2));
        }
        return denominator > (numerator.IsConstant ? LargestDenominator : LargestSymbolicDenominator) ? default : new Quantity(numerator, denominator);
    }
}
