namespace Edge.Training.Metrics;

/// <summary>How far predicted numbers are from the true ones.</summary>
/// <param name="Count">How many were compared.</param>
/// <param name="Mse">The mean squared error, in squared units of the values.</param>
/// <param name="Mae">The mean absolute error.</param>
/// <param name="R2">
/// The share of the true values' variance that is explained: 1 is perfect, 0 no better than always saying the mean; not a number
/// where the true values are all equal.
/// </param>
/// <param name="Bias">The mean of prediction − truth.</param>
/// <param name="LargestError">The largest absolute error.</param>
public sealed record RegressionMetrics(long Count, double Mse, double Mae, double R2, double Bias, double LargestError)
{
    /// <summary>The root of the mean squared error, in units of the values.</summary>
    public double Rmse => Math.Sqrt(Mse);

    /// <summary>Compares.</summary>
    /// <param name="predicted">Predictions.</param>
    /// <param name="actual">As many true values.</param>
    /// <exception cref="ArgumentException">The lengths differ, or there are none.</exception>
    public static RegressionMetrics Of(ReadOnlySpan<float> predicted, ReadOnlySpan<float> actual)
    {
        if (predicted.Length != actual.Length || actual.IsEmpty)
        {
            throw new ArgumentException($"{predicted.Length} predictions for {actual.Length} values", nameof(predicted));
        }
        double mean = 0;
        foreach (float value in actual)
        {
            mean += value;
        }
        mean /= actual.Length;
        (double squares, double sizes, double bias, double largest, double variance) = (0, 0, 0, 0, 0);
        for (int i = 0; i < actual.Length; i++)
        {
            double error = (double)predicted[i] - actual[i];
            squares += error * error;
            sizes += Math.Abs(error);
            bias += error;
            largest = Math.Max(largest, Math.Abs(error));
            variance += (actual[i] - mean) * (actual[i] - mean);
        }
        return new RegressionMetrics(
            actual.Length, squares / actual.Length, sizes / actual.Length, variance == 0 ? double.NaN : 1 - (squares / variance), bias / actual.Length, largest);
    }
}
