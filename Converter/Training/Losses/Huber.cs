using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// The mean of <c>½(y − t)²</c> where the error is at most δ, and of <c>δ·(|y − t| − ½δ)</c> beyond (Huber 1964): outliers pull
/// no harder than δ.
/// </summary>
public sealed class Huber : Loss
{
    private static readonly Operator Operator = new("aten::huber_loss");

    private readonly double _delta;

    /// <summary>Makes the loss.</summary>
    /// <param name="delta">Where the square becomes a straight line, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public Huber(double delta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        _delta = delta;
    }

    /// <inheritdoc/>
    public override string Name => "huber";

    /// <inheritdoc/>
    public override Tensor Compute(Tensor output, Tensor target) => Operator.Call(output, target, Mean, _delta);
}
