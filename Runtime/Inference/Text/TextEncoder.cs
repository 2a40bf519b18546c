using System.Text;

namespace Edge.Inference.Text;

/// <summary>
/// Turns texts into the numbers that a model takes, the same on the host and on a device. It allocates nothing and may be used
/// by several threads at once.
/// </summary>
public sealed class TextEncoder
{
    private const int MaximumPiece = 256;

    private readonly Vocabulary _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _ids;

    /// <summary>Gets ready for a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    public TextEncoder(Vocabulary vocabulary)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = vocabulary;
        _ids = vocabulary.Ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The vocabulary.</summary>
    public Vocabulary Vocabulary => _vocabulary;

    /// <summary>Encodes a text; what does not fit is cut off, what is left is filled with <see cref="Vocabulary.PaddingId"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ids">Gets the numbers; usually <see cref="Vocabulary.Length"/> elements.</param>
    /// <returns>How many numbers come from the text.</returns>
    public int Encode(ReadOnlySpan<char> text, Span<long> ids)
    {
        int count = _vocabulary.Kind switch
        {
            TokenizerKind.Words => EncodeWords(text, ids),
            TokenizerKind.Characters => EncodeCharacters(text, ids),
            _ => EncodeBytePairs(text, ids),
        };
        // Padding is 0.
        ids[count..].Clear();
        return count;
    }

    private int EncodeWords(ReadOnlySpan<char> text, Span<long> ids)
    {
        Span<char> lower = stackalloc char[Vocabulary.MaximumWord];
        var words = new WordBoundaries(text);
        int count = 0;
        while (count < ids.Length && words.MoveNext())
        {
            ReadOnlySpan<char> word = words.Current;
            ids[count++] = word.Length <= lower.Length && _ids.TryGetValue(Folded(word, lower), out int id) ? id : Vocabulary.UnknownId;
        }
        return count;
    }

    private int EncodeCharacters(ReadOnlySpan<char> text, Span<long> ids)
    {
        Span<char> lower = stackalloc char[2];
        int count = 0;
        while (!text.IsEmpty && count < ids.Length)
        {
            int length = char.IsHighSurrogate(text[0]) && text.Length > 1 && char.IsLowSurrogate(text[1]) ? 2 : 1;
            ids[count++] = _ids.TryGetValue(Folded(text[..length], lower), out int id) ? id : Vocabulary.UnknownId;
            text = text[length..];
        }
        return count;
    }

    /// <summary>Words are encoded one by one, a space in front belonging to the word.</summary>
    private int EncodeBytePairs(ReadOnlySpan<char> text, Span<long> ids)
    {
        // A character of UTF-16 has at most three bytes of UTF-8; one of the bytes is a space.
        const int Characters = (MaximumPiece - 1) / 3;
        Span<char> lower = stackalloc char[Characters];
        Span<byte> bytes = stackalloc byte[MaximumPiece];
        Span<int> pieces = stackalloc int[MaximumPiece];
        var words = new WordBoundaries(text);
        int count = 0;
        while (count < ids.Length && words.MoveNext())
        {
            bool isSpaced = words.Start > 0 && char.IsWhiteSpace(text[words.Start - 1]);
            for (ReadOnlySpan<char> rest = words.Current; !rest.IsEmpty && count < ids.Length; isSpaced = false)
            {
                int taken = Math.Min(rest.Length, Characters);
                if (taken < rest.Length && char.IsHighSurrogate(rest[taken - 1]))
                {
                    taken--;
                }
                int length = 0;
                if (isSpaced)
                {
                    bytes[length++] = (byte)' ';
                }
                length += Encoding.UTF8.GetBytes(Folded(rest[..taken], lower), bytes[length..]);
                rest = rest[taken..];
                for (int i = 0; i < length; i++)
                {
                    pieces[i] = Vocabulary.FirstByteId + bytes[i];
                }
                foreach (int piece in pieces[..Merge(pieces[..length])])
                {
                    if (count < ids.Length)
                    {
                        ids[count++] = piece;
                    }
                }
            }
        }
        return count;
    }

    /// <summary>Merges the pair that was learnt first, until there is none.</summary>
    private int Merge(Span<int> pieces)
    {
        int length = pieces.Length;
        while (length > 1)
        {
            int place = -1;
            int best = int.MaxValue;
            for (int i = 0; i + 1 < length; i++)
            {
                if (_vocabulary.Merges.TryGetValue(Vocabulary.Pair(pieces[i], pieces[i + 1]), out int id) && id < best)
                {
                    (place, best) = (i, id);
                }
            }
            if (place < 0)
            {
                break;
            }
            pieces[place] = best;
            pieces[(place + 2)..length].CopyTo(pieces[(place + 1)..]);
            length--;
        }
        return length;
    }

    private ReadOnlySpan<char> Folded(ReadOnlySpan<char> piece, Span<char> lower)
    {
        if (!_vocabulary.LowerCase)
        {
            return piece;
        }
        int length = piece.ToLowerInvariant(lower);
        return lower[..length];
    }
}
