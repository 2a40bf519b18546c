namespace Edge.Training.Metrics;

/// <summary>Whether scores and labels belong together.</summary>
internal static class Lengths
{
    public static void Check(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (scores.Length != labels.Length * classes)
        {
            throw new ArgumentException($"{scores.Length} scores do not fit {labels.Length} labels of {classes} classes", nameof(scores));
        }
    }

    public static void Check(ReadOnlySpan<float> scores, ReadOnlySpan<bool> marks)
    {
        if (scores.Length != marks.Length)
        {
            throw new ArgumentException($"{scores.Length} scores for {marks.Length} samples", nameof(scores));
        }
    }
}
