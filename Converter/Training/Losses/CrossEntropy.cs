using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// The mean over a batch of <c>−log softmax(logits)[class]</c>, in one pass. With smoothing s the class counts 1 − s and all
/// classes share s (Szegedy and others 2016). Classes may have weights, by which the mean is taken; and a target may be a
/// distribution over the classes, as mixup makes it.
/// </summary>
public sealed class CrossEntropy : Loss
{
    private const int NothingIgnored = -100;

    private static readonly Operator Operator = new("aten::cross_entropy_loss");

    private readonly double _labelSmoothing;

    /// <summary>Makes the loss.</summary>
    /// <param name="labelSmoothing">From 0 (none) to less than 1.</param>
    /// <param name="classWeights">One weight a class, from 0 on; null for 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public CrossEntropy(double labelSmoothing = 0, IReadOnlyList<double>? classWeights = null)
        : base(classWeights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(labelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labelSmoothing, 1);
        _labelSmoothing = labelSmoothing;
    }

    /// <inheritdoc/>
    public override string Name => "cross-entropy";

    /// <summary>Computes it.</summary>
    /// <param name="output">Logits: [N, classes] float.</param>
    /// <param name="target">Classes [N] int64, or probabilities [N, classes] float.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit, or a class is none.</exception>
    public override Tensor Compute(Tensor output, Tensor target) =>
        Operator.Call(output, target, WeightsFor(output), Mean, NothingIgnored, _labelSmoothing);
}
