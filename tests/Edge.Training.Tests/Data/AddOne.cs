using Edge.Foundation;
using Edge.Training.Data;

namespace Edge.Training.Tests;

/// <summary>Adds 1, and a random number to the last element.</summary>
internal sealed class AddOne : IAugmentation
{
    public void Check(Field input)
    {
    }

    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        foreach (ref float value in sample.Values<float>())
        {
            value++;
        }
        sample.Values<float>()[^1] += (float)random.NextDouble();
    }
}
