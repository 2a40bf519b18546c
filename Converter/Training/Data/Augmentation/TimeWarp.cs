using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Lets a window run faster here and slower there; its first and last rows stay (Um and others 2017).</summary>
public sealed record TimeWarp : IAugmentation
{
    private const int Stretches = 5;

    /// <summary>The deviation of the logarithm of the speed in each of five stretches.</summary>
    public double Strength { get; init; } = 0.2;

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Window("timeWarp", input);
        AugmentationCheck.Range("timeWarp", "strength", Strength, 0, 2);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        int rows = sample.Field.Shape[0], columns = sample.Field.Shape[1];
        if (rows < 3 || Strength == 0)
        {
            return;
        }
        // Where each stretch begins in the window as it was, growing from 0 to its last row.
        Span<double> begins = stackalloc double[Stretches + 1];
        for (int i = 1; i <= Stretches; i++)
        {
            begins[i] = begins[i - 1] + Math.Exp(Strength * Chance.Normal(ref random));
        }
        double length = begins[Stretches];
        Span<float> target = sample.Values<float>();
        Span<float> source = sample.Scratch<float>();
        target.CopyTo(source);
        for (int row = 1; row < rows - 1; row++)
        {
            double place = (double)row / (rows - 1) * Stretches;
            int stretch = Math.Min((int)place, Stretches - 1);
            double from = (begins[stretch] + ((place - stretch) * (begins[stretch + 1] - begins[stretch]))) / length * (rows - 1);
            int first = Math.Min((int)from, rows - 2);
            float weight = (float)(from - first);
            for (int c = 0; c < columns; c++)
            {
                float before = source[(first * columns) + c], after = source[((first + 1) * columns) + c];
                target[(row * columns) + c] = before + (weight * (after - before));
            }
        }
    }
}
