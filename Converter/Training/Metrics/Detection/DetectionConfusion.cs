namespace Edge.Training.Metrics;

/// <summary>
/// Which classes a detector takes for which, with the background as one more class: found boxes in falling order of score are paired
/// with the free true box that they overlap most, whatever its class.
/// </summary>
public sealed class DetectionConfusion
{
    private readonly double _leastScore;
    private readonly double _leastOverlap;
    private readonly long[,] _counts;

    /// <summary>Starts with no picture.</summary>
    /// <param name="classes">How many classes there are; above 0.</param>
    /// <param name="leastScore">Boxes below this score are passed over.</param>
    /// <param name="leastOverlap">The overlap from which two boxes belong together; above 0, at most 1.</param>
    public DetectionConfusion(int classes, double leastScore = 0.25, double leastOverlap = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leastOverlap);
        Background = classes;
        (_leastScore, _leastOverlap) = (leastScore, leastOverlap);
        _counts = new long[classes + 1, classes + 1];
    }

    /// <summary>The number of the background: one above the last class.</summary>
    public int Background { get; }

    /// <summary>How often a true class was taken for a class; <see cref="Background"/> as true class counts boxes where nothing is, as found class objects that were missed.</summary>
    /// <param name="trueClass">The true class.</param>
    /// <param name="foundClass">The found class.</param>
    public long this[int trueClass, int foundClass] => _counts[trueClass, foundClass];

    /// <summary>Takes a picture in; crowds, and boxes in them, count nowhere.</summary>
    /// <param name="truth">What is in it; classes below the number of classes.</param>
    /// <param name="found">What was found; classes below the number of classes.</param>
    public void Add(IReadOnlyList<TrueBox> truth, IReadOnlyList<FoundBox> found)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        bool[] isTaken = new bool[truth.Count];
        foreach (FoundBox box in found.Where(f => f.Score >= _leastScore).OrderByDescending(f => f.Score))
        {
            int best = -1;
            double most = _leastOverlap;
            for (int g = 0; g < truth.Count; g++)
            {
                double overlap = isTaken[g] || truth[g].IsCrowd ? 0 : PixelBox.Overlap(box.Box, truth[g].Box);
                if (overlap >= most)
                {
                    (most, best) = (overlap, g);
                }
            }
            if (best >= 0)
            {
                isTaken[best] = true;
                _counts[truth[best].Class, box.Class]++;
            }
            else if (!truth.Any(t => t.IsCrowd && PixelBox.Shared(box.Box, t.Box) >= _leastOverlap * box.Box.Area))
            {
                _counts[Background, box.Class]++;
            }
        }
        for (int g = 0; g < truth.Count; g++)
        {
            _counts[truth[g].Class, Background] += isTaken[g] || truth[g].IsCrowd ? 0 : 1;
        }
    }
}
