using Edge.Foundation;
using Edge.Torch;

namespace Edge.Training.Data;

/// <summary>Blends each sample of a batch with another, and their targets alike (Zhang and others 2017).</summary>
public sealed record MixUp : IBatchAugmentation
{
    /// <summary>The shape of the distribution of shares: small leaves most samples nearly alone, 1 takes every share alike.</summary>
    public double Alpha { get; init; } = 0.2;

    /// <inheritdoc/>
    public void Check(Dataset dataset) => Check("mixUp", dataset, Alpha);

    /// <inheritdoc/>
    public void Apply(Span<float> values, Span<float> targets, int count, Field input, ref SplitMix64 random)
    {
        ArgumentNullException.ThrowIfNull(input);
        int classes = targets.Length / Math.Max(1, count);
        // The first with the last and so on: in a mixed batch any two are as good, and both are blended in place.
        for (int i = 0, k = count - 1; i < k; i++, k--)
        {
            float share = (float)Chance.Beta(Alpha, ref random);
            Blend(values.Slice(i * input.Length, input.Length), values.Slice(k * input.Length, input.Length), share);
            Blend(targets.Slice(i * classes, classes), targets.Slice(k * classes, classes), share);
        }
    }

    /// <summary>What every mixing of samples needs.</summary>
    internal static void Check(string name, Dataset dataset, double alpha)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.TargetKind != TargetKind.Class || dataset.Inputs.Count != 1 || dataset.Inputs[0].Type != DataType.Float32)
        {
            throw new DataException($"{name}: needs one float32 input and classes, which {dataset.Name} does not have");
        }
        AugmentationCheck.Range(name, "alpha", alpha, 0.01, 10);
    }

    /// <summary>Both become blends of both.</summary>
    internal static void Blend(Span<float> first, Span<float> second, float share)
    {
        for (int i = 0; i < first.Length; i++)
        {
            float a = first[i], b = second[i];
            first[i] = (share * a) + ((1 - share) * b);
            second[i] = (share * b) + ((1 - share) * a);
        }
    }
}
