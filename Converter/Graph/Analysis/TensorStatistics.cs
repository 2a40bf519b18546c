using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Analysis;

/// <summary>How the elements of a constant are spread.</summary>
public sealed record TensorStatistics
{
    /// <summary>The smallest finite element.</summary>
    public required double Minimum { get; init; }

    /// <summary>The largest finite element.</summary>
    public required double Maximum { get; init; }

    /// <summary>The mean of the finite elements.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation of the finite elements.</summary>
    public required double Deviation { get; init; }

    /// <summary>The share of elements that are zero, 0–1.</summary>
    public required double Zeros { get; init; }

    /// <summary>How many elements are infinite or not a number.</summary>
    public required long NotFinite { get; init; }

    /// <summary>How many finite elements fall into each of equal steps from <see cref="Minimum"/> to <see cref="Maximum"/>.</summary>
    public required IReadOnlyList<long> Histogram { get; init; }

    /// <summary>Looks at every element.</summary>
    /// <param name="tensor">A constant.</param>
    /// <param name="bins">How many steps the histogram has.</param>
    /// <returns>Null for an empty tensor, for strings and for types without a .NET number, and where no element is finite.</returns>
    public static TensorStatistics? Of(OnnxTensor tensor, int bins = 32)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        if (!Numbers.TryFirst(tensor, out _))
        {
            return null;
        }
        (double minimum, double maximum, double sum, double squares) = (double.PositiveInfinity, double.NegativeInfinity, 0, 0);
        (long zeros, long finite) = (0, 0);
        for (int index = 0; index < tensor.Length; index++)
        {
            double value = Numbers.At(tensor, index)!.Value;
            if (!double.IsFinite(value))
            {
                continue;
            }
            finite++;
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
            sum += value;
            zeros += value == 0 ? 1 : 0;
        }
        if (finite == 0)
        {
            return null;
        }
        double mean = sum / finite;
        long[] histogram = new long[bins];
        double step = (maximum - minimum) / bins;
        for (int index = 0; index < tensor.Length; index++)
        {
            double value = Numbers.At(tensor, index)!.Value;
            if (double.IsFinite(value))
            {
                squares += (value - mean) * (value - mean);
                histogram[step > 0 && double.IsFinite(step) ? Math.Min(bins - 1, (int)((value - minimum) / step)) : 0]++;
            }
        }
        return new TensorStatistics
        {
            Minimum = minimum,
            Maximum = maximum,
            Mean = mean,
            Deviation = Math.Sqrt(squares / finite),
            Zeros = (double)zeros / tensor.Length,
            NotFinite = tensor.Length - finite,
            Histogram = histogram,
        };
    }
}
