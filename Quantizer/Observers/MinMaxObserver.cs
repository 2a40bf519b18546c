using System.Numerics.Tensors;

namespace Edge.Quantizer.Observers;

/// <summary>From the smallest to the largest value seen.</summary>
public sealed class MinMaxObserver : IRangeObserver
{
    private float _minimum = float.PositiveInfinity;
    private float _maximum = float.NegativeInfinity;

    /// <inheritdoc/>
    public TensorRange Range => _minimum <= _maximum
        ? new TensorRange(_minimum, _maximum)
        : throw new InvalidOperationException("no values were observed");

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<float> values)
    {
        if (!values.IsEmpty)
        {
            _minimum = Math.Min(_minimum, TensorPrimitives.Min(values));
            _maximum = Math.Max(_maximum, TensorPrimitives.Max(values));
        }
    }
}
