using Edge.Fleet.Protocol;
using Edge.Packages;
using Edge.Runtime.Models;

namespace Edge.Runtime.Health;

/// <summary>
/// How far results have moved from a reference: the population stability index over the last results, at most twice
/// <see cref="Window"/>. Adding allocates nothing. One thread at a time.
/// </summary>
/// <param name="reference">The shares to compare with.</param>
/// <param name="classes">How many classes there are.</param>
internal sealed class DriftMeter(DriftReference reference, int classes)
{
    /// <summary>Results of one half of the window.</summary>
    internal const int Window = 2000;

    /// <summary>Fewer results say nothing.</summary>
    private const int Fewest = 200;

    /// <summary>A share of nothing has no logarithm: it counts as this.</summary>
    private const double Least = 1e-4;

    private readonly int[] _classes = new int[classes];
    private readonly int[] _formerClasses = new int[classes];
    private readonly int[] _scores = new int[ReferenceHistogram.ConfidenceSteps];
    private readonly int[] _formerScores = new int[ReferenceHistogram.ConfidenceSteps];
    private int _count;
    private int _formerCount;

    /// <summary>Adds a result that names something.</summary>
    internal void Add(int best, float score)
    {
        if ((uint)best >= (uint)_classes.Length)
        {
            return;
        }
        if (_count == Window)
        {
            Move(_classes, _formerClasses);
            Move(_scores, _formerScores);
            (_formerCount, _count) = (_count, 0);
        }
        _classes[best]++;
        _scores[ReferenceHistogram.Step(score)]++;
        _count++;
    }

    /// <summary>The drift; null while there are too few results.</summary>
    internal DriftHealth? Measure()
    {
        long samples = _count + _formerCount;
        return samples < Fewest
            ? null
            : new DriftHealth(Index(_classes, _formerClasses, reference.Classes, samples), Index(_scores, _formerScores, reference.Confidence, samples), samples);
    }

    private static double? Index(int[] counts, int[] former, double[]? shares, long samples)
    {
        if (shares is null)
        {
            return null;
        }
        double index = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            double actual = Math.Max(Least, (double)(counts[i] + former[i]) / samples);
            double expected = Math.Max(Least, shares[i]);
            index += (actual - expected) * Math.Log(actual / expected);
        }
        return Math.Round(index, 4);
    }

    private static void Move(int[] from, int[] to)
    {
        from.CopyTo(to, 0);
        Array.Clear(from);
    }
}
