using Edge.Inference;

namespace Edge.Scenes;

/// <summary>
/// How good a tracker is: CLEAR MOT (Bernardin and Stiefelhagen 2008) and IDF1 (Ristani et al. 2016), at an overlap of 0.5. Hidden
/// objects ask for nothing and forgive nothing: a box on one is neither right nor wrong.
/// </summary>
public sealed class TrackingScore
{
    private const float LeastOverlap = 0.5f;

    private readonly LinearAssignment _assignment = new();
    private readonly Dictionary<int, long> _lastMatch = [];
    private readonly Dictionary<(int True, long Tracked), int> _together = [];
    private readonly HashSet<long> _trackedIds = [];
    private readonly HashSet<int> _trueIds = [];
    private long _truths;
    private long _tracked;

    /// <summary>Objects in frames that the tracker did not have.</summary>
    public long Misses { get; private set; }

    /// <summary>Boxes in frames where nothing is.</summary>
    public long FalsePositives { get; private set; }

    /// <summary>How often an object's number changed.</summary>
    public long IdSwitches { get; private set; }

    /// <summary>1 − (misses + false positives + switches) ÷ objects.</summary>
    public double Mota => 1 - ((double)(Misses + FalsePositives + IdSwitches) / _truths);

    /// <summary>The share of boxes with the right number under the best one-to-one pairing of true and given numbers.</summary>
    public double Idf1
    {
        get
        {
            int[] trueIds = [.. _trueIds];
            long[] trackedIds = [.. _trackedIds];
            float[] costs = new float[trueIds.Length * trackedIds.Length];
            for (int i = 0; i < trueIds.Length; i++)
            {
                for (int j = 0; j < trackedIds.Length; j++)
                {
                    costs[(i * trackedIds.Length) + j] = -_together.GetValueOrDefault((trueIds[i], trackedIds[j]));
                }
            }
            ReadOnlySpan<int> assigned = _assignment.Solve(costs, trueIds.Length, trackedIds.Length, 0);
            long right = 0;
            for (int i = 0; i < trueIds.Length; i++)
            {
                right += assigned[i] < 0 ? 0 : _together[(trueIds[i], trackedIds[assigned[i]])];
            }
            return 2.0 * right / (_truths + _tracked);
        }
    }

    /// <summary>Judges one frame.</summary>
    /// <param name="truth">What is there.</param>
    /// <param name="tracked">What the tracker says.</param>
    public void Add(IReadOnlyList<TrueObject> truth, IReadOnlyList<TrackedBox> tracked)
    {
        float[] costs = new float[truth.Count * tracked.Count];
        for (int i = 0; i < truth.Count; i++)
        {
            for (int j = 0; j < tracked.Count; j++)
            {
                float overlap = Box.Overlap(truth[i].Box, tracked[j].Box);
                bool isSame = _lastMatch.TryGetValue(truth[i].Id, out long id) && id == tracked[j].Id;
                // A pair of the frame before stays together as long as it overlaps enough.
                costs[(i * tracked.Count) + j] = overlap < LeastOverlap ? 1 : isSame ? -1 : 1 - overlap;
            }
        }
        ReadOnlySpan<int> assigned = _assignment.Solve(costs, truth.Count, tracked.Count, 0.99f);
        int usedUp = 0;
        for (int i = 0; i < truth.Count; i++)
        {
            bool isFound = assigned[i] >= 0;
            usedUp += isFound ? 1 : 0;
            if (truth[i].IsHidden)
            {
                continue;
            }
            _truths++;
            _trueIds.Add(truth[i].Id);
            if (!isFound)
            {
                Misses++;
                continue;
            }
            long id = tracked[assigned[i]].Id;
            _tracked++;
            _trackedIds.Add(id);
            IdSwitches += _lastMatch.TryGetValue(truth[i].Id, out long last) && last != id ? 1 : 0;
            _lastMatch[truth[i].Id] = id;
            _together[(truth[i].Id, id)] = _together.GetValueOrDefault((truth[i].Id, id)) + 1;
        }
        FalsePositives += tracked.Count - usedUp;
        _tracked += tracked.Count - usedUp;
    }
}
