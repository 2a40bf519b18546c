using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>The mean of <c>|y − t|</c> over all elements.</summary>
public sealed class MeanAbsoluteError : Loss
{
    private static readonly Operator Operator = new("aten::l1_loss");

    /// <inheritdoc/>
    public override string Name => "mae";

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, Tensor target) => Operator.Call(output, target, Mean);
}
