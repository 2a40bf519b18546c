using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>
/// How far a student's softened probabilities are from a teacher's: <c>T² · KL(softmax(t/T) ‖ softmax(s/T))</c>, the mean over the
/// batch (Hinton, Vinyals and Dean 2015). The factor T² keeps gradients as large as those of the labels.
/// </summary>
public sealed class Distillation : Loss
{
    private const int Sum = 2;

    private static readonly Operator Divide = new("aten::div", "Scalar");
    private static readonly Operator Multiply = new("aten::mul", "Scalar");
    private static readonly Operator LogSoftmax = new("aten::log_softmax", "int");
    private static readonly Operator Divergence = new("aten::kl_div");

    private readonly double _temperature;

    /// <summary>Makes the loss.</summary>
    /// <param name="temperature">How soft: 1 takes the probabilities as they are; above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside of that.</exception>
    public Distillation(double temperature = 4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        _temperature = temperature;
    }

    /// <inheritdoc/>
    public override string Name => "distillation";

    /// <summary>Computes it.</summary>
    /// <param name="output">The student's logits: [N, classes] float.</param>
    /// <param name="target">The teacher's logits, of the same shape.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit.</exception>
    public override Tensor Compute(Tensor output, Tensor target)
    {
        using Tensor student = Soft(output);
        using Tensor teacher = Soft(target);
        using Tensor divergence = Divergence.Call(student, teacher, Sum, true);
        return Multiply.Call(divergence, _temperature * _temperature / output.Shape[0]);
    }

    private Tensor Soft(Tensor logits)
    {
        using Tensor scaled = Divide.Call(logits, _temperature);
        return LogSoftmax.Call(scaled, -1);
    }
}
