namespace Edge.Judging.Explaining;

/// <summary>
/// Attributes the centred score of a class (see <see cref="CentredScore"/>) to the values of an input: the gradient, averaged on
/// the straight way from an input that says nothing to the real one, times the difference between both (Sundararajan, Taly and
/// Yan, "Axiomatic attribution for deep networks", 2017).
/// </summary>
public static class IntegratedGradients
{
    /// <summary>Attributes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="input">One sample as the model takes it.</param>
    /// <param name="baseline">As many values: a black picture, the mean of each sensor.</param>
    /// <param name="target">The class whose score is explained.</param>
    /// <param name="steps">Points on the way, in the middle of as many equal parts of it.</param>
    /// <param name="batch">How many points are run at once.</param>
    /// <exception cref="ArgumentException">The lengths differ from the model's.</exception>
    public static Attribution Of(DifferentiableModel model, ReadOnlySpan<float> input, ReadOnlySpan<float> baseline, int target, int steps = 64, int batch = 16)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        if (input.Length != model.SampleLength || baseline.Length != input.Length)
        {
            throw new ArgumentException($"{input.Length} and {baseline.Length} values are no samples of {model.SampleLength}", nameof(input));
        }
        double[] sums = new double[input.Length];
        for (int first = 0; first < steps; first += batch)
        {
            int taken = Math.Min(batch, steps - first);
            float[] points = new float[taken * input.Length];
            for (int i = 0; i < points.Length; i++)
            {
                float share = (first + (i / input.Length) + 0.5f) / steps;
                int place = i % input.Length;
                points[i] = baseline[place] + (share * (input[place] - baseline[place]));
            }
            float[] gradients = new float[points.Length];
            model.ScoreGradients(points, [.. Enumerable.Repeat(target, taken)], gradients);
            for (int i = 0; i < gradients.Length; i++)
            {
                sums[i % input.Length] += gradients[i];
            }
        }
        float[] values = new float[input.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(sums[i] / steps * (input[i] - baseline[i]));
        }
        return new Attribution(values, CentredScore.Of(model.Scores(input, 1), target), CentredScore.Of(model.Scores(baseline, 1), target));
    }
}
