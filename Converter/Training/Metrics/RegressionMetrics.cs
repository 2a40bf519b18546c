namespace Edge.Training.Metrics;

/// <summary>Judges numbers by their distance from targets; batches add up, all elements count alike.</summary>
public sealed class RegressionMetrics
{
    private double _squares;
    private double _distances;
    private double _errors;
    private double _targetMean;
    private double _targetSpread;

    /// <summary>How many elements were judged.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of squared errors, in squared units of the values; 0 before the first.</summary>
    public double MeanSquaredError => Count == 0 ? 0 : _squares / Count;

    /// <summary>Its root, in units of the values; 0 before the first.</summary>
    public double RootMeanSquaredError => Math.Sqrt(MeanSquaredError);

    /// <summary>The mean of absolute errors; 0 before the first.</summary>
    public double MeanAbsoluteError => Count == 0 ? 0 : _distances / Count;

    /// <summary>The mean of output − target; 0 before the first.</summary>
    public double Bias => Count == 0 ? 0 : _errors / Count;

    /// <summary>The largest absolute error; 0 before the first.</summary>
    public double LargestError { get; private set; }

    /// <summary>The coefficient of determination: 1 is perfect, 0 no better than the targets' mean; 0 where all targets are equal.</summary>
    public double R2 => _targetSpread > 0 ? 1 - (_squares / _targetSpread) : 0;

    /// <summary>Judges a batch.</summary>
    /// <param name="outputs">What the model gave.</param>
    /// <param name="targets">What it should have given, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public void Add(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets)
    {
        if (outputs.Length != targets.Length)
        {
            throw new ArgumentException($"{outputs.Length} outputs do not fit {targets.Length} targets");
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            double error = (double)outputs[i] - targets[i];
            _squares += error * error;
            _distances += Math.Abs(error);
            _errors += error;
            LargestError = Math.Max(LargestError, Math.Abs(error));
            // Welford 1962: no digits are lost where the targets' mean is far larger than their spread.
            Count++;
            double before = targets[i] - _targetMean;
            _targetMean += before / Count;
            _targetSpread += before * (targets[i] - _targetMean);
        }
    }
}
