namespace Edge.Fleet.Rollouts;

/// <summary>
/// The devices of a rollout in the order in which they are started, with the counts that follow from them. The order depends on
/// the names of rollout and device alone, so that it is another one every time and the same after every restart.
/// </summary>
internal sealed class MemberTable(string rollout)
{
    private readonly Dictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly List<Slot> _order = [];
    private readonly int[] _inFlight = new int[WaveList.Maximum];
    private readonly int[] _succeeded = new int[WaveList.Maximum];
    private readonly int[] _failed = new int[WaveList.Maximum];
    private readonly ulong _seed = Hash(14695981039346656037, rollout);
    private bool _isSorted = true;

    internal int Count => _order.Count;

    internal int Eligible { get; private set; }

    internal int Started { get; private set; }

    internal int InFlight { get; private set; }

    /// <summary>Devices that could be started this moment.</summary>
    internal int Ready { get; private set; }

    /// <summary>Connected devices that are on their way back.</summary>
    internal int Returning { get; private set; }

    /// <summary>Devices that something is due for by time alone.</summary>
    internal int Timed { get; private set; }

    internal int InFlightOf(int wave) => _inFlight[wave];

    internal int SucceededOf(int wave) => _succeeded[wave];

    internal int FailedOf(int wave) => _failed[wave];

    internal Member? Find(string device) => _slots.TryGetValue(device, out Slot? slot) ? slot.Member : null;

    internal Member At(int index)
    {
        Sort();
        return _order[index].Member;
    }

    internal void Set(Member member)
    {
        if (_slots.TryGetValue(member.Device, out Slot? slot))
        {
            Tally(slot.Member, -1);
            slot.Member = member;
        }
        else
        {
            slot = new Slot(Hash(_seed, member.Device), member);
            _slots.Add(member.Device, slot);
            _isSorted &= _order.Count == 0 || Compare(_order[^1], slot) < 0;
            _order.Add(slot);
        }
        Tally(member, 1);
    }

    private static ulong Hash(ulong hash, string text)
    {
        // FNV-1a over UTF-16, then a mix: the order needs no more than to look shuffled.
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }
        return (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9;
    }

    private static int Compare(Slot a, Slot b)
    {
        int byHash = a.Order.CompareTo(b.Order);
        return byHash != 0 ? byHash : string.CompareOrdinal(a.Member.Device, b.Member.Device);
    }

    private void Sort()
    {
        if (!_isSorted)
        {
            _order.Sort(Compare);
            _isSorted = true;
        }
    }

    private void Tally(Member member, int step)
    {
        Eligible += member.IsEligible ? step : 0;
        switch (member.Phase)
        {
            case MemberPhase.Waiting:
                Ready += member.IsOnline && !member.IsBlocked ? step : 0;
                break;
            case MemberPhase.InFlight:
                InFlight += step;
                Started += step;
                Timed += step;
                _inFlight[member.Wave] += step;
                break;
            case MemberPhase.Succeeded:
                Started += step;
                _succeeded[member.Wave] += step;
                break;
            case MemberPhase.Failed:
                Started += step;
                _failed[member.Wave] += step;
                break;
            case MemberPhase.Restoring:
                Timed += step;
                Returning += member.IsOnline ? step : 0;
                break;
            default:
                break;
        }
    }

    private sealed class Slot(ulong order, Member member)
    {
        internal ulong Order { get; } = order;

        internal Member Member { get; set; } = member;
    }
}
