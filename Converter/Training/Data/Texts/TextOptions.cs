using Edge.Inference.Text;

namespace Edge.Training.Data;

/// <summary>Where the texts are, and what they are cut into.</summary>
public sealed record TextOptions
{
    /// <summary>How a table of texts is cut.</summary>
    public TableFormat Format { get; init; } = new();

    /// <summary>The column of the texts, by name or number; null takes the one with the longest cells.</summary>
    public string? Text { get; init; }

    /// <summary>The column of the classes; null takes the one with the fewest different values.</summary>
    public string? Label { get; init; }

    /// <summary>The column of authors or threads, which a split never parts; null for none.</summary>
    public string? Group { get; init; }

    /// <summary>The column of the sorts whose results are compared for fairness; null for none.</summary>
    public string? Cohort { get; init; }

    /// <summary>What a text is cut into.</summary>
    public TokenizerKind Tokenizer { get; init; } = TokenizerKind.Words;

    /// <summary>Whether texts are lower-cased.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Tokens of the model's input.</summary>
    public int Length { get; init; } = 64;

    /// <summary>The most numbers of the vocabulary, padding and unknown included.</summary>
    public int MaximumVocabulary { get; init; } = 10_000;

    /// <summary>How often a word, character or pair must be in the training texts to get a number.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Length is >= 1 and <= Vocabulary.MaximumLength, $"the length is {Length} tokens: use 1 to {Vocabulary.MaximumLength}");
        Check(MaximumVocabulary is >= 16 and <= Vocabulary.MaximumCount, $"the vocabulary has {MaximumVocabulary} numbers: use 16 to {Vocabulary.MaximumCount}");
        Check(MinimumCount is >= 1, $"the minimum count is {MinimumCount}: use 1 or more");
        Check(Enum.IsDefined(Tokenizer), "the tokenizer is unknown: use words, characters or bytePairs");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException($"text: {message}");
        }
    }
}
