namespace Edge.Training.Metrics;

/// <summary>Judges numbers by their distance from targets; batches add up, all elements count alike.</summary>
public sealed class RegressionMetrics
{
    private double _squares;
    private double _distances;
    private double _targets;
    private double _targetSquares;

    /// <summary>How many elements were judged.</summary>
    public long Count { get; private set; }

    /// <summary>The mean of squared errors; 0 before the first.</summary>
    public double MeanSquaredError => Count == 0 ? 0 : _squares / Count;

    /// <summary>The mean of absolute errors; 0 before the first.</summary>
    public double MeanAbsoluteError => Count == 0 ? 0 : _distances / Count;

    /// <summary>The coefficient of determination: 1 is perfect, 0 no better than the targets' mean; 0 where all targets are equal.</summary>
    public double R2
    {
        get
        {
            double spread = Count == 0 ? 0 : _targetSquares - (_targets * _targets / Count);
            return spread > 0 ? 1 - (_squares / spread) : 0;
        }
    }

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
            _targets += targets[i];
            _targetSquares += (double)targets[i] * targets[i];
        }
        Count += outputs.Length;
    }
}
