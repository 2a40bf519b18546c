namespace Edge.Training.Metrics;

/// <summary>
/// Makes a classifier as sure of itself as it is right, by dividing its logits by one number; no prediction changes
/// (Guo and others, 2017).
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The temperatures that are looked at.</summary>
    public const double Smallest = 0.1, Largest = 10;

    /// <summary>The temperature of the least log loss. Fit it on samples that neither trained the model nor judge it afterwards.</summary>
    /// <param name="logits">[N, classes] in C order.</param>
    /// <param name="labels">[N], each below <paramref name="classes"/>.</param>
    /// <param name="classes">The length of a row.</param>
    /// <returns>From <see cref="Smallest"/> (a model that is always right could be surer still) to <see cref="Largest"/>.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, or there are none.</exception>
    public static double Fit(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes)
    {
        Lengths.Check(logits, labels, classes);
        if (labels.IsEmpty)
        {
            throw new ArgumentException("a temperature cannot be fitted to nothing", nameof(labels));
        }
        // The loss is convex in 1 ÷ T: its slope rises through zero once. Halving the range of log T reaches float precision in 40 steps.
        (double low, double high) = (Math.Log(Smallest), Math.Log(Largest));
        for (int step = 0; step < 40; step++)
        {
            double middle = (low + high) / 2;
            if (Slope(logits, labels, classes, Math.Exp(-middle)) > 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return Math.Exp((low + high) / 2);
    }

    // The derivative of Σ (log Σ exp(βz) − βz[label]) by β: the expected logit less that of the label.
    private static double Slope(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, int classes, double beta)
    {
        double slope = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * classes, classes);
            double whole = Softmax.LogSumExp(row, beta);
            for (int c = 0; c < classes; c++)
            {
                slope += Math.Exp((row[c] * beta) - whole) * (row[c] - row[labels[i]]);
            }
        }
        return slope;
    }
}
