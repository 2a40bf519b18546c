namespace Edge.Judging;

/// <summary>
/// The score that explanations are about: a class's logit less the mean of all logits, so that what raises all classes alike
/// counts for none. A softmax sees logits only up to such a common part. A lone logit is its own score.
/// </summary>
public static class CentredScore
{
    /// <summary>The score of a class.</summary>
    /// <param name="logits">The logits of one sample.</param>
    /// <param name="target">The class.</param>
    public static float Of(ReadOnlySpan<float> logits, int target)
    {
        double sum = 0;
        foreach (float logit in logits)
        {
            sum += logit;
        }
        return logits.Length == 1 ? logits[target] : (float)(logits[target] - (sum / logits.Length));
    }

    /// <summary>How it changes with each logit.</summary>
    internal static void Slope(int target, Span<float> slope)
    {
        slope.Fill(slope.Length == 1 ? 0 : -1f / slope.Length);
        slope[target] += 1;
    }
}
