using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Multiplies each column of a window by a number of its own (Um and others 2017).</summary>
public sealed record SensorScale : IAugmentation
{
    /// <summary>The deviation of the numbers from 1.</summary>
    public double Strength { get; init; } = 0.1;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Window("scale", input);
        AugmentationCheck.Range("scale", "strength", Strength, 0, 1);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int columns = sample.Field.Shape[1];
        Span<float> values = sample.Values<float>();
        for (int c = 0; c < columns; c++)
        {
            float factor = (float)(1 + (Strength * Chance.Normal(ref random)));
            for (int i = c; i < values.Length; i += columns)
            {
                values[i] *= factor;
            }
        }
    }
}
