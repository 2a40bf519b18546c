using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// The mean of <c>−w·t·log p − (1 − t)·log(1 − p)</c> over every output by itself, with the sigmoid inside where outputs are
/// logits. Class numbers become columns of zeros with a one.
/// </summary>
public sealed class BinaryCrossEntropy : Loss
{
    private static readonly Operator WithLogits = new("aten::binary_cross_entropy_with_logits");
    private static readonly Operator WithProbabilities = new("aten::binary_cross_entropy");

    private readonly bool _logits;

    /// <summary>Makes the loss.</summary>
    /// <param name="logits">Whether outputs are logits; otherwise they are probabilities.</param>
    /// <param name="positiveWeights">How much more an element of 1 counts than one of 0, one a column; null for 1. For logits only.</param>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative.</exception>
    /// <exception cref="ArgumentException">There are weights and no logits.</exception>
    public BinaryCrossEntropy(bool logits = true, IReadOnlyList<double>? positiveWeights = null)
        : base(positiveWeights)
    {
        if (!logits && positiveWeights is { Count: > 0 })
        {
            throw new ArgumentException("weights of positives need outputs that are logits", nameof(positiveWeights));
        }
        _logits = logits;
    }

    /// <inheritdoc/>
    public override string Name => "bce";

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, Tensor target)
    {
        using Tensor? columns = OneHot.Of(target, output);
        Tensor wanted = columns ?? target;
        return _logits
            ? WithLogits.Call(output, wanted, Argument.None, WeightsFor(output), Mean)
            : WithProbabilities.Call(output, wanted, Argument.None, Mean);
    }
}
