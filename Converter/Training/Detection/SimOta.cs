namespace Edge.Training.Detection;

/// <summary>
/// Decides which cells answer for which true box, as YOLOX does (Ge and others 2021, arXiv 2107.08430, "SimOTA"): candidates are the
/// cells near a box's centre; a box gets as many of the cheapest as its ten best overlaps add up to; a cell that two boxes want goes
/// to the one that it costs less. The cost is cross-entropy of the classes + 3 × −log overlap.
/// </summary>
/// <param name="grid">The cells.</param>
internal sealed class SimOta(DetectionGrid grid)
{
    /// <summary>How far from a box's centre candidates lie, in cells.</summary>
    public const float Radius = 1.5f;

    private const int BestOverlaps = 10;
    private const float OverlapWeight = 3;
    private const float Least = 1e-7f;
    private readonly List<Candidate> _candidates = [];
    private readonly int[] _owner = new int[grid.Count];
    private readonly Candidate[] _ownership = new Candidate[grid.Count];

    /// <summary>The cells.</summary>
    public DetectionGrid Grid => grid;

    /// <summary>Assigns the cells of one picture.</summary>
    /// <param name="output">[cells, 5 + classes]: the model's output for the picture.</param>
    /// <param name="truth">The picture's true boxes.</param>
    /// <param name="result">Where the assignments are put, by rising cell, behind what is there.</param>
    public void Assign(ReadOnlySpan<float> output, IReadOnlyList<BoxTarget> truth, List<Assignment> result)
    {
        int width = output.Length / grid.Count;
        Array.Fill(_owner, -1);
        Span<float> best = stackalloc float[BestOverlaps];
        for (int number = 0; number < truth.Count; number++)
        {
            _candidates.Clear();
            Collect(output, width, truth[number]);
            best.Clear();
            foreach (Candidate candidate in _candidates)
            {
                Insert(best, candidate.Overlap);
            }
            float sum = 0;
            foreach (float overlap in best)
            {
                sum += overlap;
            }
            int count = Math.Min(Math.Max(1, (int)sum), _candidates.Count);
            // By cell where costs are equal, so that the result never depends on how a sort treats equals.
            _candidates.Sort(static (a, b) => a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Cell.CompareTo(b.Cell));
            for (int i = 0; i < count; i++)
            {
                Candidate candidate = _candidates[i];
                if (_owner[candidate.Cell] < 0 || candidate.Cost < _ownership[candidate.Cell].Cost)
                {
                    (_owner[candidate.Cell], _ownership[candidate.Cell]) = (number, candidate);
                }
            }
        }
        for (int cell = 0; cell < _owner.Length; cell++)
        {
            if (_owner[cell] >= 0)
            {
                result.Add(new Assignment(cell, _owner[cell], _ownership[cell].Overlap));
            }
        }
    }

    private void Collect(ReadOnlySpan<float> output, int width, in BoxTarget truth)
    {
        float x = (truth.Box.Left + truth.Box.Right) / 2, y = (truth.Box.Top + truth.Box.Bottom) / 2;
        for (int cell = 0; cell < grid.Count; cell++)
        {
            float stride = grid.Strides[cell];
            if (Math.Abs(((grid.Columns[cell] + 0.5f) * stride) - x) >= Radius * stride || Math.Abs(((grid.Rows[cell] + 0.5f) * stride) - y) >= Radius * stride)
            {
                continue;
            }
            ReadOnlySpan<float> prediction = output.Slice(cell * width, width);
            float overlap = PixelEdges.Overlap(grid.Decode(cell, prediction), truth.Box);
            float cost = ClassCost(prediction[4], prediction[5..], truth.Class) - (OverlapWeight * MathF.Log(overlap + Least));
            // A cell whose numbers have run away is the last to be chosen.
            _candidates.Add(new Candidate(cell, overlap, float.IsNaN(cost) ? float.MaxValue : cost));
        }
    }

    private static float ClassCost(float found, ReadOnlySpan<float> classes, int right)
    {
        float cost = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            float probability = Math.Clamp(MathF.Sqrt(found * classes[i]), Least, 1 - Least);
            cost -= MathF.Log(i == right ? probability : 1 - probability);
        }
        return cost;
    }

    // Keeps the largest, falling.
    private static void Insert(Span<float> best, float overlap)
    {
        for (int i = 0; i < best.Length; i++)
        {
            if (overlap > best[i])
            {
                (best[i], overlap) = (overlap, best[i]);
            }
        }
    }

    private readonly record struct Candidate(int Cell, float Overlap, float Cost);
}
