using System.Globalization;

namespace Edge.Graph.Inference;

/// <summary>
/// Reads the text of a size: sums, differences, products and whole quotients of names and numbers, <c>min</c>, <c>max</c>, <c>ceil(a/b)</c>.
/// </summary>
internal ref struct SizeParser
{
    private const int DeepestNesting = 24;
    private readonly ReadOnlySpan<char> _text;
    private readonly Func<string, SizeExpression> _symbol;
    private int _position;
    private int _depth;
    // The factor just read is a number in the text, not a name that stands for one.
    private bool _isNumber;

    private SizeParser(ReadOnlySpan<char> text, Func<string, SizeExpression> symbol)
    {
        _text = text;
        _symbol = symbol;
    }

    /// <summary>Reads a text; one that is no expression is a symbol as a whole.</summary>
    /// <param name="text">What a <see cref="Dimension"/> carries.</param>
    /// <param name="symbol">What a name stands for.</param>
    internal static SizeExpression Parse(string text, Func<string, SizeExpression> symbol)
    {
        if (text.Length > SizeExpression.LongestText || IsName(text))
        {
            return symbol(text);
        }
        var parser = new SizeParser(text, symbol);
        SizeExpression? expression = parser.Sum();
        return expression is not null && parser._position == text.Length ? expression : symbol(text);
    }

    /// <summary>Is it a plain name: letters, digits, <c>_</c>, <c>.</c>, <c>:</c>, beginning with none of the digits?</summary>
    internal static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }
        foreach (char letter in text)
        {
            if (!IsNamePart(letter))
            {
                return false;
            }
        }
        return true;
    }

    internal static bool IsNamePart(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '.' or ':';

    private SizeExpression? Sum()
    {
        if (++_depth > DeepestNesting)
        {
            return null;
        }
        SizeExpression? sum = Take('-') ? SizeExpression.Subtract(SizeExpression.Zero, Product()) : Product();
        while (sum is not null && _position < _text.Length)
        {
            if (Take('+'))
            {
                sum = SizeExpression.Add(sum, Product());
            }
            else if (Take('-'))
            {
                sum = IsPartOfName() ? null : SizeExpression.Subtract(sum, Product());
            }
            else
            {
                break;
            }
        }
        _depth--;
        return sum;
    }

    private SizeExpression? Product()
    {
        SizeExpression? product = Factor();
        bool isNumber = _isNumber;
        while (product is not null && _position < _text.Length)
        {
            if (Take('*'))
            {
                product = SizeExpression.Multiply(product, Factor());
                isNumber &= _isNumber;
            }
            else if (Take('/'))
            {
                // A slash before a letter belongs to a name: exporters call sizes after the paths of nodes.
                SizeExpression? divisor = IsPartOfName() ? null : Factor();
                // 1/2 is meant as a fraction by whoever wrote it.
                product = isNumber && _isNumber ? SizeExpression.DivideExactly(product, divisor) : SizeExpression.FloorDivide(product, divisor);
            }
            else
            {
                break;
            }
        }
        return product;
    }

    private SizeExpression? Factor()
    {
        if (_position == _text.Length)
        {
            return null;
        }
        _isNumber = false;
        if (Take('('))
        {
            SizeExpression? inner = Sum();
            _isNumber = false;
            return Take(')') ? inner : null;
        }
        if (Take('{'))
        {
            int end = _text[_position..].IndexOf('}');
            if (end <= 0)
            {
                return null;
            }
            string name = _text.Slice(_position, end).ToString();
            _position += end + 1;
            return _symbol(name);
        }
        int start = _position;
        while (_position < _text.Length && IsNamePart(_text[_position]))
        {
            _position++;
        }
        ReadOnlySpan<char> word = _text[start.._position];
        if (word.IsEmpty)
        {
            return null;
        }
        if (char.IsAsciiDigit(word[0]))
        {
            _isNumber = true;
            return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? SizeExpression.Of(number) : null;
        }
        if (!Take('('))
        {
            return _symbol(word.ToString());
        }
        SizeExpression? result = Call(word);
        _isNumber = false;
        return result;
    }

    private SizeExpression? Call(ReadOnlySpan<char> function)
    {
        if (function is "ceil")
        {
            SizeExpression? numerator = Factor();
            while (numerator is not null && Take('*'))
            {
                numerator = SizeExpression.Multiply(numerator, Factor());
            }
            SizeExpression? quotient = Take('/') ? SizeExpression.CeilDivide(numerator, Factor()) : null;
            return Take(')') ? quotient : null;
        }
        if (function is not ("min" or "max"))
        {
            return null;
        }
        SizeExpression? extreme = Sum();
        while (extreme is not null && Take(','))
        {
            SizeExpression? operand = Sum();
            extreme = function is "min" ? SizeExpression.Min(extreme, operand) : SizeExpression.Max(extreme, operand);
        }
        return Take(')') ? extreme : null;
    }

    // Edge writes a-(b) and a/(b), so that names like batch-size and decoder/out stay whole.
    private readonly bool IsPartOfName() => _position < _text.Length && _text[_position] is var next && (char.IsLetter(next) || next == '_')
        && !_text[_position..].StartsWith("ceil(") && !_text[_position..].StartsWith("max(") && !_text[_position..].StartsWith("min(");

    private bool Take(char letter)
    {
        if (_position < _text.Length && _text[_position] == letter)
        {
            _position++;
            return true;
        }
        return false;
    }
}
