namespace Edge.Fleet.Registry;

/// <summary>
/// Which devices: words separated by spaces, all of which must hold. <c>key=value</c> a tag, <c>key=a|b</c> one of several,
/// <c>key!=value</c> not that, <c>key</c> any value, <c>!key</c> no such tag, <c>all</c> every device; the key <c>device</c> is the name, and
/// <c>*</c> at the end of a value stands for anything.
/// </summary>
public sealed class TagQuery
{
    private readonly List<(string Key, string[]? Values, bool IsNegated)> _terms = [];
    private const int LongestText = 1000;

    private readonly string _text;

    private TagQuery(string text) => _text = text;

    /// <summary>Reads a query.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FleetException">It is empty, or a word has no key.</exception>
    public static TagQuery Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            throw new FleetException($"devices: {text.Length} characters are too many for a query: give {LongestText} at most, or tag the devices and name the tag");
        }
        var query = new TagQuery(text.Trim());
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "all")
            {
                continue;
            }
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            bool negated = equals > 0 ? word[equals - 1] == '!' : word.StartsWith('!');
            string key = equals < 0 ? word.TrimStart('!') : word[..(negated ? equals - 1 : equals)];
            if (key.Length == 0)
            {
                throw new FleetException($"devices \"{text}\": \"{word}\" names no tag: write key=value, key!=value, key, !key or all");
            }
            query._terms.Add((key, equals < 0 ? null : word[(equals + 1)..].Split('|'), negated));
        }
        return query._terms.Count == 0 && query._text != "all"
            ? throw new FleetException("devices: says nothing: write tags such as site=vienna, or all")
            : query;
    }

    /// <summary>The tags that it asks for.</summary>
    public IEnumerable<string> Keys => _terms.Select(term => term.Key);

    /// <summary>Whether a device is meant.</summary>
    /// <param name="device">Its name.</param>
    /// <param name="tags">Its tags.</param>
    public bool Matches(string device, IReadOnlyDictionary<string, string> tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        foreach ((string key, string[]? values, bool isNegated) in _terms)
        {
            string? actual = key == "device" ? device : tags.GetValueOrDefault(key);
            bool holds = actual is not null && (values is null || Array.Exists(values, value => Fits(actual, value)));
            if (holds == isNegated)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The query as it was written.</summary>
    public override string ToString() => _text;

    private static bool Fits(string actual, string value) =>
        value.EndsWith('*') ? actual.StartsWith(value[..^1], StringComparison.Ordinal) : actual == value;
}
