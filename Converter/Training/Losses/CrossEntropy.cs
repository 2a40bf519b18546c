using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// The mean over a batch of <c>−log softmax(logits)[label]</c>, in one pass. With smoothing s the label counts 1 − s and all
/// classes share s (Szegedy and others 2016).
/// </summary>
public sealed class CrossEntropy
{
    private const int Mean = 1;
    private const int NothingIgnored = -100;

    private static readonly Operator Operator = new("aten::cross_entropy_loss");

    private readonly double _labelSmoothing;

    /// <summary>Makes the loss.</summary>
    /// <param name="labelSmoothing">From 0 (none) to less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public CrossEntropy(double labelSmoothing = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(labelSmoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(labelSmoothing, 1);
        _labelSmoothing = labelSmoothing;
    }

    /// <summary>Computes it.</summary>
    /// <param name="logits">[N, classes] float.</param>
    /// <param name="labels">[N] int64, each from 0 to classes − 1.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit, or a label is none.</exception>
    public Tensor Compute(Tensor logits, Tensor labels) =>
        Operator.Call(logits, labels, Argument.None, Mean, NothingIgnored, _labelSmoothing);
}
