namespace Edge.Quantizer.Observers;

/// <summary>Finds the range of an activation from what calibration remembers of it.</summary>
/// <param name="Method">How.</param>
/// <param name="Percentile">With <see cref="CalibrationMethod.Percentile"/>: the share of values kept, in percent, above 50 and up to 100.</param>
/// <param name="Levels">How many whole numbers stand for the range: 256 for 8 bits.</param>
public sealed record RangeRule(CalibrationMethod Method, double Percentile = 99.99, int Levels = 256)
{
    /// <summary>Finds the range.</summary>
    /// <param name="statistics">What was observed.</param>
    /// <param name="function">The activation function that alone reads the values; null for other readers.</param>
    /// <exception cref="InvalidOperationException">Nothing was observed.</exception>
    public TensorRange Find(TensorStatistics statistics, Func<double, double>? function = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        TensorRange ends = statistics.Ends;
        if (statistics.IsConstant)
        {
            return ends;
        }
        TensorRange found = Method switch
        {
            CalibrationMethod.MinMax => ends,
            CalibrationMethod.MovingAverage => new TensorRange(statistics.AverageMinimum, statistics.AverageMaximum),
            CalibrationMethod.Percentile => Quantiles(statistics),
            CalibrationMethod.Entropy => EntropyRange.Find(statistics, Levels),
            CalibrationMethod.Mse => SquaredErrorRange.Find(statistics, Levels, function),
            _ => throw new InvalidOperationException($"there is no calibration method {Method}"),
        };
        var range = new TensorRange(Math.Clamp(found.Minimum, ends.Minimum, ends.Maximum), Math.Clamp(found.Maximum, ends.Minimum, ends.Maximum));
        // A tensor of nearly one value has nothing to clip.
        return range.Minimum < range.Maximum ? range : ends;
    }

    private TensorRange Quantiles(TensorStatistics statistics)
    {
        double tail = (100 - Percentile) / 100 / 2;
        return tail == 0 ? statistics.Ends : new TensorRange(statistics.Histogram.Quantile(tail), statistics.Histogram.Quantile(1 - tail));
    }
}
