namespace Edge.Quantizer.Observers;

/// <summary>The range that holds a share of the values, each end clipped by half of what is left out.</summary>
/// <param name="percentile">The share in percent: above 50 and up to 100.</param>
public sealed class PercentileObserver(double percentile) : IRangeObserver
{
    private readonly GrowingHistogram _histogram = new();
    private readonly MinMaxObserver _ends = new();

    /// <inheritdoc/>
    public TensorRange Range
    {
        get
        {
            TensorRange all = _ends.Range;
            double tail = (100 - percentile) / 100 / 2;
            float low = tail == 0 ? all.Minimum : Math.Clamp(_histogram.Quantile(tail), all.Minimum, all.Maximum);
            float high = tail == 0 ? all.Maximum : Math.Clamp(_histogram.Quantile(1 - tail), all.Minimum, all.Maximum);
            // A tensor of one value has nothing to clip.
            return low < high ? new TensorRange(low, high) : all;
        }
    }

    /// <inheritdoc/>
    public void Observe(ReadOnlySpan<float> values)
    {
        _ends.Observe(values);
        _histogram.Add(values);
    }
}
