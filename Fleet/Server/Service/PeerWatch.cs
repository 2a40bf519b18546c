using Edge.Fleet.Store;

namespace Edge.Fleet.Service;

/// <summary>Notices servers that live no more: what they had taken from the broker is lost with them. Looks at no clock but its own. One thread at a time.</summary>
internal sealed class PeerWatch(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A broker may hand messages to a machine without power until its keep-alive has passed one and a half times.</summary>
    private static readonly TimeSpan BrokerPatience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<string, (long Beat, long Since)> _peers = new(StringComparer.Ordinal);
    private long? _lost;

    /// <summary>Looks at the servers.</summary>
    /// <returns>Whether messages may have been lost since the last look.</returns>
    internal bool IsLost(FleetStore store)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        bool isLost = false;
        foreach ((string name, long beat) in store.Servers())
        {
            seen.Add(name);
            if (!_peers.TryGetValue(name, out (long Beat, long Since) last) || last.Beat != beat)
            {
                _peers[name] = (beat, clock.GetTimestamp());
            }
            else if (clock.GetElapsedTime(last.Since) > Patience)
            {
                store.RemoveServer(name);
                seen.Remove(name);
            }
        }
        foreach (string name in _peers.Keys.Where(name => !seen.Contains(name)).ToList())
        {
            _peers.Remove(name);
            isLost = true;
        }
        if (isLost)
        {
            _lost = clock.GetTimestamp();
        }
        else if (_lost is { } since && clock.GetElapsedTime(since) > BrokerPatience)
        {
            (_lost, isLost) = (null, true);
        }
        return isLost;
    }
}
