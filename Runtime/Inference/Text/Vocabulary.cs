using System.Text.Json;
using Edge.Packages;

namespace Edge.Inference.Text;

/// <summary>
/// Which number stands for which piece of text, with all that is needed to cut a text on a device as it was cut in training.
/// Number 0 fills up short texts, 1 stands for everything unknown. It is kept as a small JSON file in the package.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>The file's name in a package.</summary>
    public const string FileName = PackagePath.Vocabulary;

    /// <summary>Fills up a text that is shorter than the model's input.</summary>
    public const int PaddingId = 0;

    /// <summary>Stands for a piece that is not in the vocabulary.</summary>
    public const int UnknownId = 1;

    /// <summary>The number of the byte 0 where bytes are merged; the other 255 follow, then the merges.</summary>
    public const int FirstByteId = 2;

    /// <summary>The most numbers there may be.</summary>
    public const int MaximumCount = 1 << 20;

    /// <summary>The most tokens a model's input may have.</summary>
    public const int MaximumLength = 1 << 16;

    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaximumBytes = 64 << 20;

    /// <summary>The most characters of a word; longer words are unknown.</summary>
    internal const int MaximumWord = 64;

    private readonly string[] _tokens;
    private readonly (int Left, int Right)[] _merges;

    /// <summary>Makes a vocabulary of words or characters.</summary>
    /// <param name="kind">Words or characters.</param>
    /// <param name="tokens">The pieces, whose numbers begin at 2.</param>
    /// <param name="lowerCase">Whether texts are lower-cased first.</param>
    /// <param name="length">Tokens of the model's input.</param>
    /// <exception cref="InferenceException">A piece is empty, there twice or too long, or there are too many.</exception>
    public Vocabulary(TokenizerKind kind, IReadOnlyList<string> tokens, bool lowerCase, int length)
        : this(kind, lowerCase, length, [.. tokens], [])
    {
        if (kind == TokenizerKind.BytePairs)
        {
            throw new InferenceException("a vocabulary of byte pairs is made of merges, not of tokens");
        }
    }

    /// <summary>Makes a vocabulary of merged bytes.</summary>
    /// <param name="merges">Pairs of numbers that become one, the first merge the number 258; each refers to earlier numbers.</param>
    /// <param name="lowerCase">Whether texts are lower-cased first.</param>
    /// <param name="length">Tokens of the model's input.</param>
    /// <exception cref="InferenceException">A merge refers to a later one or is there twice, or there are too many.</exception>
    public Vocabulary(IReadOnlyList<(int Left, int Right)> merges, bool lowerCase, int length)
        : this(TokenizerKind.BytePairs, lowerCase, length, [], [.. merges])
    {
    }

    private Vocabulary(TokenizerKind kind, bool lowerCase, int length, string[] tokens, (int Left, int Right)[] merges)
    {
        Check(Enum.IsDefined(kind), "kind", "is unknown");
        Check(length is >= 1 and <= MaximumLength, "length", $"must be 1 to {MaximumLength}");
        Check(tokens.Length <= MaximumCount - 258 && merges.Length <= MaximumCount - 258, "size", $"must be at most {MaximumCount - 258}");
        Kind = kind;
        LowerCase = lowerCase;
        Length = length;
        _tokens = tokens;
        _merges = merges;
        Ids = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int i = 0; i < tokens.Length; i++)
        {
            Check(tokens[i] is { Length: > 0 and <= MaximumWord }, $"tokens[{i}]", $"must have 1 to {MaximumWord} characters");
            Check(Ids.TryAdd(tokens[i], FirstByteId + i), $"tokens[{i}]", "is there twice");
        }
        Merges = new Dictionary<long, int>(merges.Length);
        for (int i = 0; i < merges.Length; i++)
        {
            (int left, int right) = merges[i];
            int id = FirstByteId + 256 + i;
            Check(left >= FirstByteId && left < id && right >= FirstByteId && right < id, $"merges[{i}]", "must refer to bytes (2 to 257) or earlier merges");
            Check(Merges.TryAdd(Pair(left, right), id), $"merges[{i}]", "is there twice");
        }
    }

    /// <summary>What a text is cut into.</summary>
    public TokenizerKind Kind { get; }

    /// <summary>Whether texts are lower-cased first.</summary>
    public bool LowerCase { get; }

    /// <summary>Tokens of the model's input: longer texts lose their end, shorter ones are filled up behind.</summary>
    public int Length { get; }

    /// <summary>How many numbers there are, padding and unknown included: the rows of the model's embedding.</summary>
    public int Count => FirstByteId + (Kind == TokenizerKind.BytePairs ? 256 + _merges.Length : _tokens.Length);

    /// <summary>Numbers by words or characters.</summary>
    internal Dictionary<string, int> Ids { get; }

    /// <summary>Numbers by pairs of numbers.</summary>
    internal Dictionary<long, int> Merges { get; }

    /// <summary>Reads a vocabulary.</summary>
    /// <param name="utf8">The content of a vocabulary file.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="InferenceException">It is too large, not JSON, or holds a wrong value; the message names it.</exception>
    public static Vocabulary Parse(ReadOnlySpan<byte> utf8, string source = FileName)
    {
        if (utf8.Length > MaximumBytes)
        {
            throw new InferenceException($"{source}: has {utf8.Length} bytes; a vocabulary has at most {MaximumBytes}");
        }
        try
        {
            VocabularyFile file = JsonSerializer.Deserialize(utf8, VocabularyJson.Default.VocabularyFile) ?? throw new JsonException("null");
            int[] flat = file.Merges ?? [];
            Check(flat.Length % 2 == 0, "merges", "must be pairs of numbers");
            Check(file.Kind == TokenizerKind.BytePairs ? file.Tokens is null : file.Merges is null, "kind", "must be bytePairs with merges, or words or characters with tokens");
            var merges = new (int, int)[flat.Length / 2];
            for (int i = 0; i < merges.Length; i++)
            {
                merges[i] = (flat[2 * i], flat[(2 * i) + 1]);
            }
            return new Vocabulary(file.Kind, file.LowerCase, file.Length, file.Tokens ?? [], merges);
        }
        catch (JsonException e)
        {
            throw new InferenceException($"{source}: is not a vocabulary ({e.Message.ReplaceLineEndings(" ")}); make the package again", e);
        }
        catch (InferenceException e) when (!e.Message.StartsWith(source, StringComparison.Ordinal))
        {
            throw new InferenceException($"{source}: {e.Message}", e);
        }
    }

    /// <summary>The content of a vocabulary file; the same vocabulary gives the same bytes.</summary>
    public byte[] ToUtf8()
    {
        bool isPairs = Kind == TokenizerKind.BytePairs;
        int[] flat = new int[2 * _merges.Length];
        for (int i = 0; i < _merges.Length; i++)
        {
            (flat[2 * i], flat[(2 * i) + 1]) = _merges[i];
        }
        var file = new VocabularyFile { Kind = Kind, LowerCase = LowerCase, Length = Length, Tokens = isPairs ? null : _tokens, Merges = isPairs ? flat : null };
        return JsonSerializer.SerializeToUtf8Bytes(file, VocabularyJson.Default.VocabularyFile);
    }

    /// <summary>The piece of text that a number stands for, for showing: bytes that are no text by themselves appear as �.</summary>
    /// <param name="id">From 0 to <see cref="Count"/> − 1.</param>
    public string Text(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id, Count);
        if (id < FirstByteId)
        {
            return id == PaddingId ? "" : "?";
        }
        if (Kind != TokenizerKind.BytePairs)
        {
            return _tokens[id - FirstByteId];
        }
        var bytes = new List<byte>();
        Collect(id, bytes);
        return System.Text.Encoding.UTF8.GetString([.. bytes]);
    }

    internal static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    // A chain of merges may be as deep as there are merges, and as long as 2 to that power: only so much is shown.
    private void Collect(int id, List<byte> bytes)
    {
        var left = new Stack<int>();
        left.Push(id);
        while (left.TryPop(out int next) && bytes.Count < 4 * MaximumWord)
        {
            if (next < FirstByteId + 256)
            {
                bytes.Add((byte)(next - FirstByteId));
                continue;
            }
            (int first, int second) = _merges[next - FirstByteId - 256];
            left.Push(second);
            left.Push(first);
        }
    }

    private static void Check(bool isRight, string field, string rule)
    {
        if (!isRight)
        {
            throw new InferenceException($"vocabulary: {field} {rule}");
        }
    }
}
