namespace Edge.Training.Metrics;

/// <summary>
/// Judges a detector by the protocol of COCO (cocodataset.org, "Detection Evaluation"): 101-point average precision at ten overlaps,
/// three sizes, at most 100 boxes a picture and class; crowds forgive boxes that lie in them.
/// </summary>
public sealed class DetectionEvaluator
{
    private const int MostFound = 100;

    // In the arithmetic of the reference implementation: at these values ties between overlap and threshold are common.
    private static readonly double[] Thresholds = [.. Enumerable.Range(0, 10).Select(i => 0.5 + (i * ((0.95 - 0.5) / 9)))];

    private readonly SortedDictionary<int, List<ImageMatches>[]> _classes = [];

    /// <summary>Takes a picture in.</summary>
    /// <param name="truth">What is in it.</param>
    /// <param name="found">What was found, in any order; one whose score or box is not a number is passed over.</param>
    public void Add(IReadOnlyList<TrueBox> truth, IReadOnlyList<FoundBox> found)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(found);
        ILookup<int, TrueBox> truthByClass = truth.ToLookup(t => t.Class);
        ILookup<int, FoundBox> foundByClass = found.Where(f => !double.IsNaN(f.Score) && double.IsFinite(f.Box.Area)).ToLookup(f => f.Class);
        foreach (int number in truthByClass.Select(g => g.Key).Union(foundByClass.Select(g => g.Key)))
        {
            if (!_classes.TryGetValue(number, out List<ImageMatches>[]? bySize))
            {
                _classes[number] = bySize = [.. SizeRange.Ranges.Select(_ => new List<ImageMatches>())];
            }
            TrueBox[] ofClass = [.. truthByClass[number]];
            FoundBox[] best = [.. foundByClass[number].OrderByDescending(f => f.Score).Take(MostFound)];
            for (int s = 0; s < bySize.Length; s++)
            {
                bySize[s].Add(ImageMatches.Of(ofClass, best, SizeRange.Ranges[s], Thresholds));
            }
        }
    }

    /// <summary>The figures of all pictures so far.</summary>
    public DetectionMetrics Compute()
    {
        PrecisionRecall[][][] bySize = [.. Enumerable.Range(0, SizeRange.Ranges.Length).Select(s => Curves(s, MostFound))];
        return new DetectionMetrics
        {
            Ap = Mean(bySize[0].Select(Precision)),
            Ap50 = Mean(bySize[0].Select(c => c[0].Average)),
            Ap75 = Mean(bySize[0].Select(c => c[5].Average)),
            ApSmall = Mean(bySize[1].Select(Precision)),
            ApMedium = Mean(bySize[2].Select(Precision)),
            ApLarge = Mean(bySize[3].Select(Precision)),
            Ar1 = Mean(Curves(0, 1).Select(Recall)),
            Ar10 = Mean(Curves(0, 10).Select(Recall)),
            Ar100 = Mean(bySize[0].Select(Recall)),
            ArSmall = Mean(bySize[1].Select(Recall)),
            ArMedium = Mean(bySize[2].Select(Recall)),
            ArLarge = Mean(bySize[3].Select(Recall)),
            Classes = [.. _classes.Where(c => c.Value[0].Sum(i => i.Truths) > 0).Zip(bySize[0], (c, curves) => new DetectionClassMetrics(
                c.Key, c.Value[0].Sum(i => i.Truths), Precision(curves), curves[0].Average, Recall(curves), curves[0]))],
        };
    }

    // By class that has a true box of the size, then by overlap.
    private PrecisionRecall[][] Curves(int size, int most) =>
        [.. _classes.Values.Select(c => c[size]).Where(images => images.Sum(i => i.Truths) > 0)
            .Select(images => Thresholds.Select((_, t) => PrecisionRecall.Of(images, t, most)!).ToArray())];

    private static double Precision(PrecisionRecall[] curves) => curves.Average(c => c.Average);

    private static double Recall(PrecisionRecall[] curves) => curves.Average(c => c.Recall);

    private static double? Mean(IEnumerable<double> values) => values.Select(v => (double?)v).Average();
}
