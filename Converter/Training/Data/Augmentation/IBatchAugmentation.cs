using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Mixes the samples of a batch with each other; the targets become shares of classes. Stateless: any thread may use it.</summary>
public interface IBatchAugmentation
{
    /// <summary>Refuses data that it cannot work on.</summary>
    /// <param name="dataset">The data set.</param>
    /// <exception cref="DataException">It cannot; the message says what it needs.</exception>
    void Check(Dataset dataset);

    /// <summary>Changes a batch in place.</summary>
    /// <param name="values">[count, …] the first input, as the model gets it.</param>
    /// <param name="targets">[count, classes] shares that add up to 1 in each row.</param>
    /// <param name="count">Samples in the batch.</param>
    /// <param name="input">The shape of a sample.</param>
    /// <param name="random">The only source of chance.</param>
    void Apply(Span<float> values, Span<float> targets, int count, Field input, ref SplitMix64 random);
}
