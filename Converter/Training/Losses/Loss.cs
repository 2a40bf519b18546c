using Edge.Torch;

namespace Edge.Training.Losses;

/// <summary>What training makes small: one number that says how far outputs are from targets.</summary>
public abstract class Loss : IDisposable
{
    /// <summary>libtorch's code for the mean over all elements.</summary>
    private protected const int Mean = 1;

    private readonly float[]? _weights;
    private Tensor? _weightTensor;

    private protected Loss(IReadOnlyList<double>? weights = null)
    {
        foreach (double weight in weights ?? [])
        {
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw new ArgumentOutOfRangeException(nameof(weights), weight, "a weight is a number from 0 on");
            }
        }
        _weights = weights is { Count: > 0 } ? [.. weights.Select(weight => (float)weight)] : null;
    }

    /// <summary>The names of all losses that a recipe can ask for.</summary>
    public static IReadOnlyList<string> Names { get; } = ["cross-entropy", "focal", "bce", "mse", "mae", "huber", "detection"];

    /// <summary>The name in recipes and reports.</summary>
    public abstract string Name { get; }

    /// <summary>Computes it.</summary>
    /// <param name="output">What the model gives: [N, …] float.</param>
    /// <param name="target">What it should give: of the output's shape, or [N] int64 classes where the loss knows classes.</param>
    /// <returns>A scalar; the caller disposes it.</returns>
    /// <exception cref="TorchException">The shapes do not fit, or a class is none.</exception>
    public abstract Tensor Compute(Tensor output, Tensor target);

    /// <summary>Frees what the loss keeps on the device.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the loss keeps on the device.</summary>
    /// <param name="disposing">Whether <see cref="Dispose()"/> was called.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weightTensor?.Dispose();
            _weightTensor = null;
        }
    }

    /// <summary>The weights where the output is; null without any. The loss disposes it.</summary>
    private protected Tensor? WeightsFor(Tensor output) =>
        _weights is null ? null : _weightTensor ??= Tensor.From<float>(_weights, [_weights.Length], output.Device);
}
