using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Changes a sample's first input by chance, so that a model does not learn what does not matter. Stateless: any thread may use it.</summary>
public interface IAugmentation
{
    /// <summary>Refuses an input that it cannot work on.</summary>
    /// <param name="input">The field.</param>
    /// <exception cref="DataException">It cannot; the message says what it needs.</exception>
    void Check(Field input);

    /// <summary>Changes one sample in place.</summary>
    /// <param name="sample">The elements, as the source gives them, before they are normalised.</param>
    /// <param name="random">The only source of chance.</param>
    void Apply(AugmentedSample sample, ref SplitMix64 random);
}
