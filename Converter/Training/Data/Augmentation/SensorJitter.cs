using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Adds normal noise to each reading of a window (Um and others 2017).</summary>
public sealed record SensorJitter : IAugmentation
{
    /// <summary>The noise's deviation, as a share of that of the column within the window.</summary>
    public double Strength { get; init; } = 0.05;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Window("jitter", input);
        AugmentationCheck.Range("jitter", "strength", Strength, 0, 10);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int columns = sample.Field.Shape[1];
        Span<float> values = sample.Values<float>();
        for (int c = 0; c < columns && Strength > 0; c++)
        {
            double sum = 0, squares = 0;
            for (int i = c; i < values.Length; i += columns)
            {
                sum += values[i];
            }
            double mean = sum * columns / values.Length;
            for (int i = c; i < values.Length; i += columns)
            {
                squares += (values[i] - mean) * (values[i] - mean);
            }
            double sigma = Strength * Math.Sqrt(squares * columns / values.Length);
            for (int i = c; i < values.Length; i += columns)
            {
                double noise = sigma * Chance.Normal(ref random);
                // A column with a missing value has no deviation.
                values[i] = double.IsNaN(noise) ? values[i] : (float)(values[i] + noise);
            }
        }
    }
}
