using System.Globalization;

namespace Edge.Inference.Text;

/// <summary>Cuts a text into words, one after the other, without allocating.</summary>
/// <param name="text">The text.</param>
public ref struct WordBoundaries(ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _end;

    /// <summary>Where the word begins that <see cref="MoveNext"/> found.</summary>
    public int Start { get; private set; }

    /// <summary>The word.</summary>
    public readonly ReadOnlySpan<char> Current => _text[Start.._end];

    /// <summary>Goes to the next word.</summary>
    public bool MoveNext()
    {
        int start = _end;
        while (start < _text.Length && char.IsWhiteSpace(_text[start]))
        {
            start++;
        }
        Start = start;
        _end = start;
        while (_end < _text.Length && IsInside(_end))
        {
            _end++;
        }
        if (_end == start && start < _text.Length)
        {
            _end++;
        }
        return _end > start;
    }

    private readonly bool IsInside(int place)
    {
        char c = _text[place];
        return IsWordPart(c)
            || (c is '\'' or '’' or '-' && place > Start && IsWordPart(_text[place - 1]) && place + 1 < _text.Length && IsWordPart(_text[place + 1]));
    }

    private static bool IsWordPart(char c) =>
        char.IsLetterOrDigit(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
