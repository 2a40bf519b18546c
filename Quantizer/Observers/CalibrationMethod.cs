namespace Edge.Quantizer.Observers;

/// <summary>How the range of an activation is found.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen.</summary>
    MinMax,

    /// <summary>From the mean of the batches' smallest values to the mean of their largest, later ones counting more.</summary>
    MovingAverage,

    /// <summary>The range that holds a given share of the values: outliers are clipped.</summary>
    Percentile,

    /// <summary>The range whose quantized distribution tells the least apart from the real one (Kullback–Leibler divergence).</summary>
    Entropy,

    /// <summary>The range with the least mean squared error of rounding and clipping together.</summary>
    Mse,
}
