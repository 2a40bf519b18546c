using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// Cross-entropy that cares less for what is right already: the mean of <c>−w·(1 − p)^γ · log p</c>, where p is the probability
/// of the class and w its weight (Lin and others 2017).
/// </summary>
public sealed class Focal : Loss
{
    private const int Each = 0;
    private const int NothingIgnored = -100;

    private static readonly Operator Entropy = new("aten::cross_entropy_loss");
    private static readonly Operator Negate = new("aten::neg");
    private static readonly Operator Exponential = new("aten::exp");
    private static readonly Operator OneMinus = new("aten::rsub", "Scalar");
    private static readonly Operator Power = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator Multiply = new("aten::mul", "Tensor");
    private static readonly Operator Pick = new("aten::index_select");
    private static readonly Operator Average = new("aten::mean");

    private readonly double _gamma;

    /// <summary>Makes the loss.</summary>
    /// <param name="gamma">0 is plain cross-entropy; the paper takes 2.</param>
    /// <param name="classWeights">One weight a class, from 0 on; null for 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public Focal(double gamma = 2, IReadOnlyList<double>? classWeights = null)
        : base(classWeights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(gamma);
        _gamma = gamma;
    }

    /// <inheritdoc/>
    public override string Name => "focal";

    /// <summary>Computes it.</summary>
    /// <param name="output">Logits: [N, classes] float.</param>
    /// <param name="target">Classes: [N] int64.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit, or a class is none.</exception>
    public override Tensor Compute(Tensor output, Tensor target)
    {
        using Tensor entropy = Entropy.Call(output, target, Argument.None, Each, NothingIgnored, 0.0);
        using Tensor logarithm = Negate.Call(entropy);
        using Tensor probability = Exponential.Call(logarithm);
        using Tensor rest = OneMinus.Call(probability, 1);
        using Tensor factor = Power.Call(rest, _gamma);
        using Tensor each = Multiply.Call(factor, entropy);
        if (WeightsFor(output) is not { } weights)
        {
            return Average.Call(each);
        }
        using Tensor weight = Pick.Call(weights, 0, target);
        using Tensor weighted = Multiply.Call(each, weight);
        return Average.Call(weighted);
    }
}
