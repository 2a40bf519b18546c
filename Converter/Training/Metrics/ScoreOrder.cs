namespace Edge.Training.Metrics;

/// <summary>Samples by falling score, in groups of equal ones: what every curve over a threshold is counted from.</summary>
internal static class ScoreOrder
{
    /// <summary>
    /// For every distinct score, from the largest on: how many positive and negative samples reach it. A score that is not a
    /// number is below every other.
    /// </summary>
    public static IEnumerable<(float Threshold, long Positives, long Negatives)> Reached(float[] scores, bool[] positive)
    {
        float[] keys = [.. scores];
        bool[] marks = [.. positive];
        Array.Sort(keys, marks);
        (long positives, long negatives) = (0, 0);
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            if (marks[i])
            {
                positives++;
            }
            else
            {
                negatives++;
            }
            if (i == 0 || keys[i - 1].CompareTo(keys[i]) != 0)
            {
                yield return (keys[i], positives, negatives);
            }
        }
    }

    /// <summary>One class's scores out of rows, and which samples are of it.</summary>
    public static (float[] Scores, bool[] Positive) OneAgainstRest(ReadOnlySpan<float> scores, ReadOnlySpan<int> labels, int classes, int index)
    {
        float[] column = new float[labels.Length];
        bool[] positive = new bool[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            column[i] = scores[(i * classes) + index];
            positive[i] = labels[i] == index;
        }
        return (column, positive);
    }
}
