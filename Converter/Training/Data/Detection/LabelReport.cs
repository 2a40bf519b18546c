namespace Edge.Training.Data;

/// <summary>What a look at annotations found.</summary>
public sealed class LabelReport
{
    private readonly List<LabelProblem> _problems = [];
    private readonly SortedDictionary<LabelProblemKind, long> _counts = [];
    private readonly int _most;

    /// <summary>Starts with nothing found.</summary>
    /// <param name="most">How many problems are kept; all are counted.</param>
    internal LabelReport(int most) => _most = most;

    /// <summary>How many pictures were looked at.</summary>
    public int Pictures { get; internal set; }

    /// <summary>How many boxes were looked at.</summary>
    public long Boxes { get; internal set; }

    /// <summary>How many classes are named.</summary>
    public int Classes { get; internal set; }

    /// <summary>The first problems, in the order of the file.</summary>
    public IReadOnlyList<LabelProblem> Problems => _problems;

    /// <summary>How often each sort of problem occurs.</summary>
    public IReadOnlyDictionary<LabelProblemKind, long> Counts => _counts;

    /// <summary>All problems together.</summary>
    public long Count => _counts.Values.Sum();

    internal void Add(LabelProblemKind kind, string where, string detail)
    {
        _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        if (_problems.Count < _most)
        {
            _problems.Add(new LabelProblem(kind, where, detail));
        }
    }
}
