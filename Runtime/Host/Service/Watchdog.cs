using Edge.Runtime.Pipelines;
using Edge.Runtime.Reporting;
using Edge.Runtime.Sources;

namespace Edge.Runtime.Service;

/// <summary>
/// Looks once a second whether every stage moves. One that does not is reported, and systemd's watchdog is fed no more, so that
/// a process that is stuck for good is started anew.
/// </summary>
/// <param name="notifier">Systemd.</param>
/// <param name="pipelines">The pipelines of the moment.</param>
/// <param name="settings">How long a stage may take, in seconds, at the moment.</param>
internal sealed class Watchdog(Notifier notifier, Func<IReadOnlyList<Pipeline>> pipelines, Func<double> settings)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string[] _stuck = [];

    /// <summary>What is stuck at the moment, one line each.</summary>
    internal IReadOnlyList<string> Stuck => Volatile.Read(ref _stuck);

    /// <summary>Looks.</summary>
    /// <param name="feed">Whether it is time to feed systemd's watchdog.</param>
    internal void Look(bool feed)
    {
        var limit = TimeSpan.FromSeconds(settings());
        var stuck = new List<string>();
        foreach (Pipeline pipeline in pipelines())
        {
            foreach (Pulse pulse in pipeline.Pulses())
            {
                string? stage = pulse.Stage;
                if (stage is not null && pulse.Age > limit)
                {
                    stuck.Add($"{pulse.Owner}: stuck in {stage}");
                }
            }
        }
        foreach (string line in stuck)
        {
            if (_known.Add(line))
            {
                Log.Error($"watchdog: {line} for more than {limit.TotalSeconds:0.#} s");
            }
        }
        _known.RemoveWhere(line =>
        {
            bool over = !stuck.Contains(line);
            if (over)
            {
                Log.Info($"watchdog: {line}: moves again");
            }
            return over;
        });
        Volatile.Write(ref _stuck, [.. stuck]);
        if (feed && stuck.Count == 0)
        {
            notifier.Alive();
        }
    }
}
