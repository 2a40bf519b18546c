namespace Edge.Fleet.Protocol;

/// <summary>
/// One level of a topic: the root, a device, a pipeline. At most 64 characters, none of them <c>/</c>, <c>+</c>,
/// <c>#</c> or a control character, and no <c>$</c> at the start (brokers keep those topics for themselves).
/// </summary>
public static class TopicName
{
    /// <summary>The longest name, in UTF-16 characters.</summary>
    public const int MaximumLength = 64;

    /// <summary>Returns <paramref name="name"/> if it may stand as one level of a topic.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it names, for the message: "device", "pipeline".</param>
    /// <exception cref="ProtocolException">The name is empty, too long, or holds a character that has a meaning in topics.</exception>
    public static string Check(string? name, string what)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ProtocolException($"{what} name is empty: give 1 to {MaximumLength} characters");
        }
        if (name.Length > MaximumLength)
        {
            throw new ProtocolException($"{what} name \"{Printable(name[..16])}…\" has {name.Length} characters: at most {MaximumLength}");
        }
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            bool wrong = c is '/' or '+' or '#' || char.IsControl(c) || (c == '$' && i == 0)
                || (char.IsSurrogate(c) && !IsPaired(name, i));
            if (wrong)
            {
                string shown = char.IsControl(c) || char.IsSurrogate(c) ? $"U+{(int)c:X4}" : $"'{c}'";
                throw new ProtocolException(
                    $"{what} name \"{Printable(name)}\" holds {shown}, which a topic level may not: use letters, digits, '-', '_' or '.'");
            }
        }
        return name;
    }

    private static bool IsPaired(string name, int i) =>
        (i + 1 < name.Length && char.IsSurrogatePair(name[i], name[i + 1]))
        || (i > 0 && char.IsSurrogatePair(name[i - 1], name[i]));

    private static string Printable(string text) => string.Create(text.Length, text, static (span, source) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        }
    });
}
