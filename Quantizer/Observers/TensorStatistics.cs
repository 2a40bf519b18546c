using System.Numerics.Tensors;

namespace Edge.Quantizer.Observers;

/// <summary>
/// What calibration remembers of a tensor: its ends, their moving averages and a histogram. The memory is the same whatever
/// went by, and every <see cref="CalibrationMethod"/> finds its range from it, so that one calibration serves all.
/// </summary>
public sealed class TensorStatistics
{
    // The weight of the batches before, as in the fake-quantization of TensorFlow and PyTorch.
    private const float Momentum = 0.9f;

    /// <summary>Makes statistics of nothing.</summary>
    public TensorStatistics() => Histogram = new GrowingHistogram();

    internal TensorStatistics(GrowingHistogram histogram, TensorRange ends, TensorRange averages)
    {
        Histogram = histogram;
        (Minimum, Maximum) = (ends.Minimum, ends.Maximum);
        (AverageMinimum, AverageMaximum) = (averages.Minimum, averages.Maximum);
    }

    /// <summary>The distribution.</summary>
    public GrowingHistogram Histogram { get; }

    /// <summary>The smallest value.</summary>
    public float Minimum { get; private set; } = float.PositiveInfinity;

    /// <summary>The largest value.</summary>
    public float Maximum { get; private set; } = float.NegativeInfinity;

    /// <summary>The moving average of the batches' smallest values.</summary>
    public float AverageMinimum { get; private set; }

    /// <summary>The moving average of the batches' largest values.</summary>
    public float AverageMaximum { get; private set; }

    /// <summary>How many values went by.</summary>
    public long Count => Histogram.Count;

    /// <summary>Whether all values were the same.</summary>
    public bool IsConstant => Minimum == Maximum;

    /// <summary>From the smallest to the largest value.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed.</exception>
    public TensorRange Ends => Minimum <= Maximum ? new TensorRange(Minimum, Maximum) : throw new InvalidOperationException("no values were observed");

    /// <summary>Takes in the values of one batch.</summary>
    /// <param name="values">The values.</param>
    /// <returns>False, and nothing is counted, where one of them is NaN or infinite.</returns>
    public bool Observe(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            return true;
        }
        // Both give NaN where there is one.
        (float least, float most) = (TensorPrimitives.Min(values), TensorPrimitives.Max(values));
        if (!float.IsFinite(least) || !float.IsFinite(most))
        {
            return false;
        }
        bool isFirst = Count == 0;
        AverageMinimum = isFirst ? least : (Momentum * AverageMinimum) + ((1 - Momentum) * least);
        AverageMaximum = isFirst ? most : (Momentum * AverageMaximum) + ((1 - Momentum) * most);
        Minimum = Math.Min(Minimum, least);
        Maximum = Math.Max(Maximum, most);
        Histogram.Add(values, Math.Max(Math.Abs(least), Math.Abs(most)));
        return true;
    }
}
