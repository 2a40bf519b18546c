namespace Edge.Graph.Inference;

/// <summary>The symbols of one run: what names in the file stand for, and new ones for sizes that nothing names.</summary>
internal sealed class SizeSymbols
{
    private readonly Dictionary<string, SizeExpression> _parsed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _bound = new(StringComparer.Ordinal);
    private readonly Dictionary<(Value Value, int Axis), SizeExpression> _fresh = [];
    private readonly Dictionary<string, string> _meanings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inLoops = new(StringComparer.Ordinal);

    /// <summary>The symbols that <see cref="Fresh"/> made, and what each stands for.</summary>
    internal IReadOnlyDictionary<string, string> Meanings => _meanings;

    /// <summary>Lets a symbol of the file stand for a number from here on.</summary>
    internal void Bind(string symbol, long size) => _bound.TryAdd(symbol, size);

    internal SizeExpression? Size(Dimension dimension)
    {
        if (dimension.Size is { } size)
        {
            return SizeExpression.Of(size);
        }
        if (dimension.Symbol is not { } text)
        {
            return null;
        }
        if (!_parsed.TryGetValue(text, out SizeExpression? expression))
        {
            expression = SizeParser.Parse(text, Symbol);
            _parsed.Add(text, expression);
        }
        return expression;
    }

    /// <summary>A symbol for one axis of a value; the same each time, unless the value stands for many (<paramref name="isRepeated"/>).</summary>
    internal SizeExpression Fresh(Value value, int axis, string meaning, bool isRepeated, bool isInLoop)
    {
        if (!isRepeated && _fresh.TryGetValue((value, axis), out SizeExpression? known))
        {
            return known;
        }
        string stem = $"{Clean(value.Name)}.{axis}";
        string name = stem;
        for (int index = 1; _meanings.ContainsKey(name); index++)
        {
            name = $"{stem}_{index}";
        }
        _meanings.Add(name, meaning);
        if (isInLoop)
        {
            _inLoops.Add(name);
        }
        SizeExpression symbol = SizeExpression.OfSymbol(name);
        _parsed.TryAdd(name, symbol);
        if (!isRepeated)
        {
            _fresh.Add((value, axis), symbol);
        }
        return symbol;
    }

    /// <summary>Did <see cref="Fresh"/> make it, so that any other name for it says more?</summary>
    internal bool IsFresh(SizeExpression size) => size.Symbol is { } name && _meanings.ContainsKey(name);

    /// <summary>Does it mean another size in each round of a loop?</summary>
    internal bool IsOfLoop(SizeExpression size) => _inLoops.Count > 0 && size.Mentions(_inLoops.Contains);

    private SizeExpression Symbol(string name) => _bound.TryGetValue(name, out long size) ? SizeExpression.Of(size) : SizeExpression.OfSymbol(name);

    private static string Clean(string name)
    {
        string clean = string.Concat(name.Select(letter => SizeParser.IsNamePart(letter) ? letter : '_')).Trim('_');
        const int Longest = 60;
        clean = clean.Length > Longest ? clean[^Longest..] : clean;
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? $"d{clean}" : clean;
    }
}
