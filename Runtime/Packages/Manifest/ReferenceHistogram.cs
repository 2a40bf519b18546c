namespace Edge.Packages;

/// <summary>
/// What the model's best results looked like on the data that the package was made with: a device compares what it sees and
/// so notices that the world has moved.
/// </summary>
public sealed record ReferenceHistogram
{
    /// <summary>How many steps the scores are divided into.</summary>
    public const int ConfidenceSteps = 10;

    /// <summary>The share of each class among the best results, in the order of the model's classes; the sum is 1.</summary>
    public IReadOnlyList<double>? Classes { get; init; }

    /// <summary>The share of each tenth of the best scores, from [0, 0.1) to [0.9, 1]; the sum is 1.</summary>
    public IReadOnlyList<double>? Confidence { get; init; }

    /// <summary>How many samples it is about; 1 or more.</summary>
    public required long Samples { get; init; }

    /// <summary>The step that a score belongs to, 0 to 9.</summary>
    /// <param name="score">0 to 1; what is not a number counts as 0.</param>
    public static int Step(float score) => score > 0 ? (int)Math.Min(ConfidenceSteps - 1, score * ConfidenceSteps) : 0;

    /// <summary>Counts results.</summary>
    /// <param name="best">The best class of each sample.</param>
    /// <param name="scores">Its score, as many.</param>
    /// <param name="classes">How many classes the model tells apart.</param>
    public static ReferenceHistogram Count(ReadOnlySpan<int> best, ReadOnlySpan<float> scores, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(best.Length, scores.Length);
        ArgumentOutOfRangeException.ThrowIfZero(best.Length);
        double[] byClass = new double[classes];
        double[] byScore = new double[ConfidenceSteps];
        for (int i = 0; i < best.Length; i++)
        {
            byClass[best[i]] += 1.0 / best.Length;
            byScore[Step(scores[i])] += 1.0 / best.Length;
        }
        return new ReferenceHistogram { Classes = byClass, Confidence = byScore, Samples = best.Length };
    }

    internal void Validate()
    {
        Check.That(Samples >= 1, "reference.samples", "must be 1 or more");
        CheckShares(Classes, "reference.classes", 1_000_000);
        CheckShares(Confidence, "reference.confidence", ConfidenceSteps);
        Check.That(Confidence is null || Confidence.Count == ConfidenceSteps, "reference.confidence", $"must have {ConfidenceSteps} shares");
    }

    private static void CheckShares(IReadOnlyList<double>? shares, string field, int most)
    {
        if (shares is null)
        {
            return;
        }
        double sum = 0;
        bool good = shares.Count > 0 && shares.Count <= most;
        foreach (double share in shares)
        {
            good &= share is >= 0 and <= 1;
            sum += share;
        }
        Check.That(good && sum is > 0.99 and < 1.01, field, "must be shares whose sum is 1");
    }
}
