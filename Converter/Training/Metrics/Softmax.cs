namespace Edge.Training.Metrics;

/// <summary>Scores to probabilities.</summary>
public static class Softmax
{
    /// <summary><c>log Σ exp(valueᵢ)</c>, without overflow.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="scale">What the values are multiplied by first: 1 ÷ temperature.</param>
    public static double LogSumExp(ReadOnlySpan<float> values, double scale = 1)
    {
        double largest = double.NegativeInfinity;
        foreach (float value in values)
        {
            largest = Math.Max(largest, value * scale);
        }
        double sum = 0;
        foreach (float value in values)
        {
            sum += Math.Exp((value * scale) - largest);
        }
        return largest + Math.Log(sum);
    }

    /// <summary>The probabilities of rows of logits: <c>exp(z ÷ T) ÷ Σ exp(z ÷ T)</c> a row.</summary>
    /// <param name="logits">[N, classes] in C order.</param>
    /// <param name="classes">The length of a row.</param>
    /// <param name="temperature">T; above 1 makes the model less sure of itself.</param>
    /// <returns>As many values as there are logits; a new array.</returns>
    public static float[] Rows(ReadOnlySpan<float> logits, int classes, double temperature = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        float[] result = new float[logits.Length];
        for (int start = 0; start < logits.Length; start += classes)
        {
            ReadOnlySpan<float> row = logits.Slice(start, classes);
            double whole = LogSumExp(row, 1 / temperature);
            for (int i = 0; i < classes; i++)
            {
                result[start + i] = (float)Math.Exp((row[i] / temperature) - whole);
            }
        }
        return result;
    }
}
