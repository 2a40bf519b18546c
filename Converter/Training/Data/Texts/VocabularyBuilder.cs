using Edge.Inference.Text;

namespace Edge.Training.Data;

/// <summary>Learns a vocabulary from texts: the most frequent words or characters, or merges of bytes.</summary>
public static class VocabularyBuilder
{
    /// <summary>Learns it.</summary>
    /// <param name="texts">The training texts.</param>
    /// <param name="options">Tokenizer, size, minimum count, lower case, length.</param>
    /// <exception cref="DataException">An option makes no sense.</exception>
    public static Vocabulary Build(IEnumerable<string> texts, TextOptions options)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Dictionary<string, int> counts = Count(texts, options);
        if (options.Tokenizer == TokenizerKind.BytePairs)
        {
            return new Vocabulary(BytePairLearner.Learn(counts, options.MaximumVocabulary - Vocabulary.FirstByteId - 256, options.MinimumCount), options.LowerCase, options.Length);
        }
        string[] tokens =
        [
            .. counts.Where(pair => pair.Value >= options.MinimumCount && pair.Key.Length <= Longest)
                .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(options.MaximumVocabulary - Vocabulary.FirstByteId).Select(pair => pair.Key),
        ];
        return new Vocabulary(options.Tokenizer, tokens, options.LowerCase, options.Length);
    }

    // As the encoder has it: longer words are unknown.
    private const int Longest = 64;

    private static Dictionary<string, int> Count(IEnumerable<string> texts, TextOptions options)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            string folded = options.LowerCase ? text.ToLowerInvariant() : text;
            if (options.Tokenizer == TokenizerKind.Characters)
            {
                for (int i = 0; i < folded.Length;)
                {
                    int length = char.IsSurrogatePair(folded, i) ? 2 : 1;
                    Add(folded.Substring(i, length));
                    i += length;
                }
                continue;
            }
            var words = new WordBoundaries(folded);
            while (words.MoveNext())
            {
                // For byte pairs a space in front belongs to the word.
                bool isSpaced = options.Tokenizer == TokenizerKind.BytePairs && words.Start > 0 && char.IsWhiteSpace(folded[words.Start - 1]);
                Add(isSpaced ? $" {words.Current}" : words.Current.ToString());
            }
        }
        return counts;

        void Add(string token) => counts[token] = counts.GetValueOrDefault(token) + 1;
    }
}
