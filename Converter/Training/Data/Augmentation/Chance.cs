using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Numbers of several distributions, from the one source of chance.</summary>
internal static class Chance
{
    /// <summary>True in a share of all cases.</summary>
    public static bool Of(double probability, ref SplitMix64 random) => random.NextDouble() < probability;

    /// <summary>Evenly from the lower to the upper limit.</summary>
    public static double Between(double lower, double upper, ref SplitMix64 random) => lower + ((upper - lower) * random.NextDouble());

    /// <summary>Normal with mean 0 and deviation 1 (Box and Muller 1958).</summary>
    public static double Normal(ref SplitMix64 random)
    {
        double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
        return radius * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>From 0 to 1, symmetric: near the ends for a shape below 1, near the middle above.</summary>
    public static double Beta(double shape, ref SplitMix64 random)
    {
        double first = Gamma(shape, ref random);
        double sum = first + Gamma(shape, ref random);
        return sum > 0 ? first / sum : 0.5;
    }

    /// <summary>Marsaglia and Tsang 2000.</summary>
    private static double Gamma(double shape, ref SplitMix64 random)
    {
        if (shape < 1)
        {
            return Gamma(shape + 1, ref random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        }
        double d = shape - (1.0 / 3);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(ref random);
            double v = 1 + (c * x);
            v = v * v * v;
            if (v > 0 && Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + d - (d * v) + (d * Math.Log(v)))
            {
                return d * v;
            }
        }
    }
}
