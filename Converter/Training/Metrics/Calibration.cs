namespace Edge.Training.Metrics;

/// <summary>
/// Whether a classifier is right as often as it says it is: of the predictions with probability 0.8, are 80 % right?
/// (Guo and others, "On calibration of modern neural networks", 2017.)
/// </summary>
/// <param name="Bins">Equal ranges of confidence from 0 to 1.</param>
/// <param name="ExpectedError">The mean over samples of |confidence − accuracy| of their bin (ECE), 0 to 1.</param>
/// <param name="LargestError">The same of the worst bin.</param>
/// <param name="LogLoss">The mean of <c>−log p(label)</c>, in nats.</param>
/// <param name="Brier">The mean of <c>Σ (p − y)²</c> over the classes, 0 to 2.</param>
public sealed record Calibration(IReadOnlyList<ReliabilityBin> Bins, double ExpectedError, double LargestError, double LogLoss, double Brier)
{
    /// <summary>Judges probabilities.</summary>
    /// <param name="probabilities">[N, classes] in C order, rows of sum 1.</param>
    /// <param name="labels">[N], each below <paramref name="classes"/>.</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="bins">How many ranges.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    public static Calibration Of(ReadOnlySpan<float> probabilities, ReadOnlySpan<int> labels, int classes, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        Lengths.Check(probabilities, labels, classes);
        var counts = new long[bins];
        var confidence = new double[bins];
        var right = new long[bins];
        (double loss, double brier) = (0, 0);
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.Slice(i * classes, classes);
            int predicted = ClassificationMetrics.ArgMax(row);
            int bin = Math.Clamp((int)Math.Ceiling(row[predicted] * bins) - 1, 0, bins - 1);
            counts[bin]++;
            confidence[bin] += row[predicted];
            right[bin] += predicted == labels[i] ? 1 : 0;
            // A float probability of 0 stands for anything below its smallest.
            loss -= Math.Log(Math.Max(row[labels[i]], float.Epsilon));
            for (int c = 0; c < classes; c++)
            {
                double error = row[c] - (c == labels[i] ? 1 : 0);
                brier += error * error;
            }
        }
        return Sum(counts, confidence, right, loss, brier);
    }

    private static Calibration Sum(long[] counts, double[] confidence, long[] right, double loss, double brier)
    {
        double samples = Math.Max(1, counts.Sum());
        var bins = new ReliabilityBin[counts.Length];
        (double expected, double largest) = (0, 0);
        for (int i = 0; i < bins.Length; i++)
        {
            double count = Math.Max(1, counts[i]);
            bins[i] = new ReliabilityBin((double)i / bins.Length, (i + 1.0) / bins.Length, counts[i], confidence[i] / count, right[i] / count);
            double gap = Math.Abs(bins[i].Confidence - bins[i].Accuracy);
            expected += counts[i] / samples * gap;
            largest = Math.Max(largest, gap);
        }
        return new Calibration(bins, expected, largest, loss / samples, brier / samples);
    }
}
