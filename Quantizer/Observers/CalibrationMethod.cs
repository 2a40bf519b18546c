namespace Edge.Quantizer.Observers;

/// <summary>How the range of an activation is found.</summary>
public enum CalibrationMethod
{
    /// <summary>From the smallest to the largest value seen.</summary>
    MinMax,

    /// <summary>The range that holds a given share of the values: outliers are clipped.</summary>
    Percentile,
}
