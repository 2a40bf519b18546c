namespace Edge.Training.Metrics;

/// <summary>Where to draw the line between usual and unusual.</summary>
/// <param name="Threshold">Scores above this are anomalies.</param>
/// <param name="FalsePositiveRate">The share of normal samples above it.</param>
/// <param name="TruePositiveRate">The share of anomalies above it; not a number where none are known.</param>
public sealed record AnomalyThreshold(float Threshold, double FalsePositiveRate, double TruePositiveRate)
{
    /// <summary>The lowest threshold that at most a share of normal samples exceeds.</summary>
    /// <param name="scores">One a sample, higher for more unusual, such as the reconstruction error of an autoencoder.</param>
    /// <param name="anomalous">Which samples are anomalies; none need to be.</param>
    /// <param name="falsePositiveRate">The share of false alarms that is bearable, from 0 to less than 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or no sample is normal.</exception>
    public static AnomalyThreshold Suggest(ReadOnlySpan<float> scores, ReadOnlySpan<bool> anomalous, double falsePositiveRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(falsePositiveRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(falsePositiveRate, 1);
        Lengths.Check(scores, anomalous);
        float[] normal = Select(scores, anomalous, wanted: false);
        float[] unusual = Select(scores, anomalous, wanted: true);
        if (normal.Length == 0)
        {
            throw new ArgumentException("a threshold needs normal samples", nameof(anomalous));
        }
        Array.Sort(normal);
        float threshold = normal[normal.Length - 1 - (int)(falsePositiveRate * normal.Length)];
        return new AnomalyThreshold(threshold, Above(normal, threshold), Above(unusual, threshold));
    }

    private static float[] Select(ReadOnlySpan<float> scores, ReadOnlySpan<bool> anomalous, bool wanted)
    {
        var chosen = new List<float>();
        for (int i = 0; i < scores.Length; i++)
        {
            if (anomalous[i] == wanted)
            {
                chosen.Add(scores[i]);
            }
        }
        return [.. chosen];
    }

    private static double Above(float[] scores, float threshold) => scores.Count(score => score > threshold) / (double)scores.Length;
}
