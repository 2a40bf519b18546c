namespace Edge.Graph.Inference;

/// <summary>
/// A size in canonical form: a sum of products of symbols, quotients, minima and maxima, and a constant.
/// Two that are equal in that form have the same <see cref="Text"/>. Symbols stand for sizes of at least 1.
/// </summary>
/// <remarks>An operation returns null when the result overflows, or grows too long to be of use to a reader.</remarks>
internal sealed partial class SizeExpression : IEquatable<SizeExpression>
{
    internal const int LongestText = 160;
    private const int MostTerms = 16;
    private static readonly SizeExpression[] Small = [.. Enumerable.Range(0, 1025).Select(value => new SizeExpression([], value))];

    // Sorted by key.
    private readonly SizeTerm[] _terms;
    private readonly long _constant;
    private string? _text;

    private SizeExpression(SizeTerm[] terms, long constant)
    {
        _terms = terms;
        _constant = constant;
    }

    internal static SizeExpression Zero => Small[0];

    internal static SizeExpression One => Small[1];

    /// <summary>The number, if no symbol is left.</summary>
    internal long? Constant => _terms.Length == 0 ? _constant : null;

    internal bool IsConstant => _terms.Length == 0;

    internal bool IsOne => _terms.Length == 0 && _constant == 1;

    /// <summary>The name, if it is a symbol and nothing else.</summary>
    internal string? Symbol => _constant == 0 && _terms is [{ Coefficient: 1, Atoms: [{ Kind: AtomKind.Symbol } atom] }] ? atom.Text : null;

    /// <summary>The text that a <see cref="Dimension"/> carries: <c>batch</c>, <c>height/32</c>, <c>2*width+1</c>.</summary>
    internal string Text => _text ??= Symbol ?? Render();

    internal static SizeExpression Of(long value) => value is >= 0 and <= 1024 ? Small[value] : new SizeExpression([], value);

    internal static SizeExpression OfSymbol(string name) => Of(new Atom(AtomKind.Symbol, name, 1, long.MaxValue));

    internal static SizeExpression? Add(SizeExpression? a, SizeExpression? b) => Sum(a, b, 1);

    internal static SizeExpression? Subtract(SizeExpression? a, SizeExpression? b) => Sum(a, b, -1);

    internal static SizeExpression? Multiply(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null || (a.Constant != 0 && b.Constant != 0 && (a._terms.Length + 1) * (b._terms.Length + 1) > 4 * MostTerms))
        {
            return null;
        }
        try
        {
            var terms = new List<SizeTerm>();
            foreach (SizeTerm left in a._terms)
            {
                foreach (SizeTerm right in b._terms)
                {
                    terms.Add(SizeTerm.Multiply(left, right));
                }
                terms.Add(left.With(checked(left.Coefficient * b._constant)));
            }
            foreach (SizeTerm right in b._terms)
            {
                terms.Add(right.With(checked(right.Coefficient * a._constant)));
            }
            return Normal(terms, checked(a._constant * b._constant));
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The product of all; null when one of them is.</summary>
    internal static SizeExpression? Product(ReadOnlySpan<SizeExpression?> sizes)
    {
        SizeExpression? product = One;
        foreach (SizeExpression? size in sizes)
        {
            product = Multiply(product, size);
        }
        return product;
    }

    /// <summary>The quotient rounded down.</summary>
    internal static SizeExpression? FloorDivide(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null || b.Constant == 0)
        {
            return null;
        }
        try
        {
            return b.Constant is { } divisor
                ? divisor > 0 ? a.FloorDivide(divisor) : divisor == long.MinValue ? null : Subtract(Zero, a)?.FloorDivide(-divisor)
                : DivideExactly(a, b) ?? Quotient(a, b);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <summary>The quotient rounded up.</summary>
    internal static SizeExpression? CeilDivide(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null)
        {
            return null;
        }
        return (b.IsConstant ? null : DivideExactly(a, b)) ?? FloorDivide(Add(a, Subtract(b, One)), b);
    }

    /// <summary>The quotient, if nothing is left over whatever the symbols stand for.</summary>
    internal static SizeExpression? DivideExactly(SizeExpression? a, SizeExpression? b)
    {
        if (a is null || b is null || b.Constant == 0)
        {
            return null;
        }
        if (b.Constant is not { } divisor)
        {
            return PolynomialQuotient(a, b);
        }
        if (divisor < 0)
        {
            return divisor == long.MinValue ? null : DivideExactly(Subtract(Zero, a), Of(-divisor));
        }
        return a._constant % divisor != 0 || a._terms.Any(term => term.Coefficient % divisor != 0)
            ? null
            : Normal([.. a._terms.Select(term => term.With(term.Coefficient / divisor))], a._constant / divisor);
    }

    internal static SizeExpression? Min(SizeExpression? a, SizeExpression? b) => Extreme(a, b, AtomKind.Minimum);

    internal static SizeExpression? Max(SizeExpression? a, SizeExpression? b) => Extreme(a, b, AtomKind.Maximum);

    /// <summary>Bounds that hold whatever the symbols stand for; the ends of the 64-bit range stand for no bound.</summary>
    internal (long Lower, long Upper) Bounds()
    {
        Int128 lower = _constant;
        Int128 upper = _constant;
        bool bounded = true;
        bool limited = true;
        foreach (SizeTerm term in _terms)
        {
            (long least, long most) = term.Bounds();
            bounded &= least != long.MinValue;
            limited &= most != long.MaxValue;
            lower += least;
            upper += most;
        }
        return (bounded && lower > long.MinValue && lower < long.MaxValue ? (long)lower : lower >= long.MaxValue && bounded ? long.MaxValue : long.MinValue,
            limited && upper < long.MaxValue && upper > long.MinValue ? (long)upper : long.MaxValue);
    }

    /// <summary>Does a symbol of which <paramref name="predicate"/> is true occur anywhere in it?</summary>
    internal bool Mentions(Func<string, bool> predicate)
    {
        foreach (SizeTerm term in _terms)
        {
            foreach (Atom atom in term.Atoms)
            {
                if (atom.Kind == AtomKind.Symbol ? predicate(atom.Text)
                    : atom.Operands.Any(operand => operand.Mentions(predicate)) || (atom.Divisor?.Mentions(predicate) ?? false))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(SizeExpression? other) =>
        other is not null && _constant == other._constant && _terms.Length == other._terms.Length && (_terms.Length == 0 || Text == other.Text);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SizeExpression);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static SizeExpression Of(Atom atom) => new([SizeTerm.Of(atom)], 0);

    private static SizeExpression? Sum(SizeExpression? a, SizeExpression? b, int sign)
    {
        if (a is null || b is null)
        {
            return null;
        }
        try
        {
            long constant = checked(a._constant + (sign * b._constant));
            if (a.IsConstant && b.IsConstant)
            {
                return Of(constant);
            }
            return Normal([.. a._terms, .. b._terms.Select(term => term.With(checked(sign * term.Coefficient)))], constant);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static SizeExpression? Normal(List<SizeTerm> terms, long constant)
    {
        if (terms.Count == 0)
        {
            return Of(constant);
        }
        terms.Sort((x, y) => string.CompareOrdinal(x.Key, y.Key));
        var merged = new List<SizeTerm>(terms.Count);
        foreach (SizeTerm term in terms)
        {
            if (merged is [.., var last] && last.Key == term.Key)
            {
                merged[^1] = last.With(checked(last.Coefficient + term.Coefficient));
            }
            else
            {
                merged.Add(term);
            }
        }
        merged.RemoveAll(term => term.Coefficient == 0);
        if (merged.Count == 0)
        {
            return Of(constant);
        }
        return merged.Count > MostTerms ? null : Bounded(new SizeExpression([.. merged], constant));
    }

    // A name from the file may be long; what is computed from it may not.
    private static SizeExpression? Bounded(SizeExpression expression) =>
        expression.Symbol is not null || expression.Text.Length <= LongestText ? expression : null;

    private SizeExpression? FloorDivide(long divisor)
    {
        if (divisor == 1)
        {
            return this;
        }
        if (IsConstant)
        {
            return Of(Floor(_constant, divisor));
        }
        // floor((k*x + r)/k) = x + floor(r/k) for whole x: multiples of the divisor leave the quotient.
        SizeTerm[] outside = [.. _terms.Where(term => term.Coefficient % divisor == 0).Select(term => term.With(term.Coefficient / divisor))];
        SizeTerm[] inside = [.. _terms.Where(term => term.Coefficient % divisor != 0)];
        long whole = Floor(_constant, divisor);
        long rest = _constant - (whole * divisor);
        var sum = new SizeExpression(outside, whole);
        if (inside.Length == 0)
        {
            return sum;
        }
        long common = inside.Aggregate(divisor, (gcd, term) => Gcd(gcd, term.Coefficient));
        var numerator = new SizeExpression([.. inside.Select(term => term.With(term.Coefficient / common))], Floor(rest, common));
        divisor /= common;
        // floor((floor(x/m) + c)/k) = floor((x + c*m)/(k*m)).
        if (numerator._terms is [{ Coefficient: 1, Atoms: [{ Kind: AtomKind.Quotient, Divisor.Constant: { } inner } atom] }])
        {
            SizeExpression? flat = Add(atom.Operands[0], Multiply(Of(inner), Of(numerator._constant)));
            return Add(sum, flat?.FloorDivide(checked(inner * divisor)));
        }
        return Add(sum, divisor == 1 ? numerator : Quotient(numerator, Of(divisor)));
    }

    private static SizeExpression? Quotient(SizeExpression a, SizeExpression b)
    {
        string text;
        bool isCeiling = false;
        (long lower, long upper) = a.Bounds();
        if (b.Constant is { } divisor)
        {
            lower = lower == long.MinValue ? lower : Floor(lower, divisor);
            upper = upper == long.MaxValue ? upper : Floor(upper, divisor);
            isCeiling = a._constant == divisor - 1 && divisor > 1;
            text = isCeiling ? $"ceil({new SizeExpression(a._terms, 0).Numerator()}/{divisor})" : $"{a.Numerator()}/{divisor}";
        }
        else
        {
            (lower, upper) = lower >= 0 && b.Bounds().Lower > 0 ? (0, upper) : (long.MinValue, long.MaxValue);
            text = $"{a.Numerator()}/({b.Inside()})";
        }
        return text.Length > LongestText ? null : Of(new Atom(AtomKind.Quotient, text, lower, upper) { Operands = [a], Divisor = b, IsCeiling = isCeiling });
    }

    private static SizeExpression? PolynomialQuotient(SizeExpression a, SizeExpression b)
    {
        SizeExpression? quotient = Zero;
        SizeExpression? rest = a;
        SizeTerm lead = b._terms[^1];
        for (int step = 0; step < MostTerms && rest is not null && quotient is not null; step++)
        {
            if (rest.Constant == 0)
            {
                return quotient;
            }
            SizeExpression? next = null;
            foreach (SizeTerm term in rest._terms)
            {
                if (lead.Coefficient > 0 && term.Coefficient % lead.Coefficient == 0 && term.AtomsWithout(lead) is { } atoms)
                {
                    next = Of(term.Coefficient / lead.Coefficient);
                    foreach (Atom atom in atoms)
                    {
                        next = Multiply(next, Of(atom));
                    }
                    break;
                }
            }
            if (next is null)
            {
                return null;
            }
            quotient = Add(quotient, next);
            rest = Subtract(rest, Multiply(next, b));
        }
        return null;
    }

    private static SizeExpression? Extreme(SizeExpression? a, SizeExpression? b, AtomKind kind)
    {
        if (a is null || b is null)
        {
            return null;
        }
        bool largest = kind == AtomKind.Maximum;
        if (Subtract(a, b) is { } difference)
        {
            (long lower, long upper) = difference.Bounds();
            if (lower >= 0)
            {
                return largest ? a : b;
            }
            if (upper <= 0)
            {
                return largest ? b : a;
            }
        }
        SizeExpression[] operands = [.. Operands(a, kind).Concat(Operands(b, kind)).DistinctBy(operand => operand.Text).OrderBy(operand => operand.IsConstant).ThenBy(operand => operand.Text, StringComparer.Ordinal)];
        long[] constants = [.. operands.Where(operand => operand.IsConstant).Select(operand => operand._constant)];
        if (constants.Length > 1)
        {
            operands = [.. operands.Where(operand => !operand.IsConstant), Of(largest ? constants.Max() : constants.Min())];
        }
        string text = $"{(largest ? "max" : "min")}({string.Join(',', operands.Select(operand => operand.Inside()))})";
        IEnumerable<(long Lower, long Upper)> bounds = operands.Select(operand => operand.Bounds());
        return text.Length > LongestText ? null : Of(new Atom(
            kind,
            text,
            largest ? bounds.Max(bound => bound.Lower) : bounds.Min(bound => bound.Lower),
            largest ? bounds.Max(bound => bound.Upper) : bounds.Min(bound => bound.Upper))
        { Operands = operands });
    }

    private static IReadOnlyList<SizeExpression> Operands(SizeExpression expression, AtomKind kind) =>
        expression._constant == 0 && expression._terms is [{ Coefficient: 1, Atoms: [var atom] }] && atom.Kind == kind ? atom.Operands : [expression];

    private static long Floor(long a, long b) => a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    private static long Gcd(long a, long b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }
        return Math.Abs(a);
    }
}
