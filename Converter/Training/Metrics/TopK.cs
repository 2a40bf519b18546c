namespace Edge.Training.Metrics;

/// <summary>Whether the right class is among the best few.</summary>
public static class TopK
{
    /// <summary>The share of samples whose class has one of the k largest scores; among equal scores the lower class comes first.</summary>
    /// <param name="scores">[N, classes] in C order.</param>
    /// <param name="labels">[N], each below <paramref name="classes"/>.</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="k">1 or more; from the number of classes on the share is 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static double Accuracy(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        Lengths.Check(scores, labels, classes);
        int hits = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            hits += Rank(scores.Slice(i * classes, classes), labels[i]) < k ? 1 : 0;
        }
        return labels.Length == 0 ? 0 : (double)hits / labels.Length;
    }

    /// <summary>How many classes stand before one: 0 for the best.</summary>
    /// <param name="scores">One a class.</param>
    /// <param name="label">The class.</param>
    public static int Rank(ReadOnlySpan<float> scores, int label)
    {
        int before = 0;
        for (int other = 0; other < scores.Length; other++)
        {
            before += scores[other] > scores[label] || (scores[other] == scores[label] && other < label) ? 1 : 0;
        }
        return before;
    }
}
