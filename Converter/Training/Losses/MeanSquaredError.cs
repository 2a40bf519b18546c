using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>The mean of <c>(y − t)²</c> over all elements.</summary>
public sealed class MeanSquaredError : Loss
{
    private static readonly Operator Operator = new("aten::mse_loss");

    /// <inheritdoc/>
    public override string Name => "mse";

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, Tensor target) => Operator.Call(output, target, Mean);
}
