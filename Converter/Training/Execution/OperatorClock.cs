using System.Diagnostics;
using Edge.Graph;

namespace Edge.Training.Execution;

/// <summary>Adds up the time of steps by operator; a node with bodies inside is charged with what is its own.</summary>
internal sealed class OperatorClock
{
    private readonly Dictionary<(string Domain, string Name), (long Calls, long Ticks)> _totals = [];
    private long _inside;

    public IReadOnlyList<OperatorTime> Totals
    {
        get
        {
            var list = new List<OperatorTime>();
            foreach (((string domain, string name), (long calls, long ticks)) in _totals)
            {
                list.Add(new OperatorTime(domain.Length == 0 ? name : $"{domain}.{name}", calls, Stopwatch.GetElapsedTime(0, ticks)));
            }
            list.Sort(static (a, b) => b.Time.CompareTo(a.Time));
            return list;
        }
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
        (long calls, long sum) = _totals.GetValueOrDefault((node.Domain, node.OpType));
        _totals[(node.Domain, node.OpType)] = (calls + 1, sum + ticks - _inside);
        _inside = mark.Inside + ticks;
    }
}
