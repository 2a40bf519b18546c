using System.Diagnostics;
using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Execution;

/// <summary>
/// Adds up the time of steps by operator; a node with bodies inside is charged with what is its own. libtorch numbers what it
/// records, and the nodes of a backward pass carry those numbers, so that their time goes to the step that was recorded.
/// </summary>
internal sealed class OperatorClock
{
    /// <summary>What libtorch recorded outside of every step.</summary>
    public const string LossName = "(loss)";

    /// <summary>Gradients put into those of the weights.</summary>
    public const string SumName = "(sums of gradients)";

    private const int MostNodes = 1 << 16;

    private readonly Dictionary<(string Domain, string Name), Total> _totals = [];
    private readonly List<Total> _owners = [];
    private readonly NodeTime[] _times = new NodeTime[MostNodes];
    private long _inside;
    private long _firstNumber;

    public IReadOnlyList<OperatorTime> Totals
    {
        get
        {
            var list = new List<OperatorTime>();
            foreach (((string domain, string name), Total total) in _totals)
            {
                list.Add(new OperatorTime(
                    domain.Length == 0 ? name : $"{domain}.{name}", total.Calls, Stopwatch.GetElapsedTime(0, total.Ticks), TimeSpan.FromMicroseconds(total.Nanoseconds / 1000.0)));
            }
            list.Sort(static (a, b) => (b.Time + b.Backward).CompareTo(a.Time + a.Backward));
            return list;
        }
    }

    /// <summary>A run of the whole graph begins; the last one's gradients are of no interest any more.</summary>
    public void BeginRun()
    {
        _owners.Clear();
        _firstNumber = Libtorch.SequenceNumber;
    }

    public (long Started, long Inside) Begin()
    {
        (long, long) mark = (Stopwatch.GetTimestamp(), _inside);
        _inside = 0;
        return mark;
    }

    public void End(Node node, (long Started, long Inside) mark)
    {
        long ticks = Stopwatch.GetTimestamp() - mark.Started;
        Total total = Of(node.Domain, node.OpType);
        total.Calls++;
        total.Ticks += ticks - _inside;
        _inside = mark.Inside + ticks;
        // What the bodies inside recorded has its owners already.
        for (long recorded = Libtorch.SequenceNumber - _firstNumber; _owners.Count < recorded;)
        {
            _owners.Add(total);
        }
    }

    /// <summary>Computes gradients, and charges each step with the time of its own.</summary>
    public void Backward(Tensor loss)
    {
        int count = Math.Min(loss.Backward(_times), _times.Length);
        foreach (ref readonly NodeTime time in _times.AsSpan(0, count))
        {
            long place = time.Sequence - _firstNumber;
            Total total = time.Sequence < 0 ? Of("", SumName) : place >= 0 && place < _owners.Count ? _owners[(int)place] : Of("", LossName);
            total.Nanoseconds += time.Nanoseconds;
        }
    }

    private Total Of(string domain, string name) => _totals.TryGetValue((domain, name), out Total? known) ? known : _totals[(domain, name)] = new Total();

    private sealed class Total
    {
        public long Calls;
        public long Ticks;
        public long Nanoseconds;
    }
}
