using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;

namespace Edge.Fleet.Service;

/// <summary>A rollout, and what of it is not saved yet.</summary>
internal sealed class RunningRollout(Rollout rollout)
{
    private readonly HashSet<Member> _unsaved = [];
    private RolloutHeader _saved = rollout.Header;

    internal Rollout Rollout { get; } = rollout;

    internal TagQuery Query { get; } = TagQuery.Parse(rollout.Plan.Devices);

    internal bool IsNew { get; set; }

    internal bool IsChanged => IsNew || _unsaved.Count > 0 || _saved != Rollout.Header;

    /// <summary>Takes an event in.</summary>
    /// <returns>The members of which something else may be asked.</returns>
    internal IReadOnlyList<Member> Apply(RolloutEvent happened, double now)
    {
        RolloutStatus before = Rollout.Header.Status;
        Rollout.Apply(happened, now);
        IReadOnlyList<Member> changes = Rollout.TakeChanges();
        _unsaved.UnionWith(changes);
        // What is asked depends on the status too.
        return before == Rollout.Header.Status ? changes : Rollout.Members;
    }

    internal void Save(FleetStore store, DateTimeOffset time)
    {
        if (IsNew)
        {
            store.Add(Rollout, time);
            IsNew = false;
        }
        if (_unsaved.Count > 0 || _saved != Rollout.Header)
        {
            store.Save(Rollout, [.. _unsaved]);
            _unsaved.Clear();
            _saved = Rollout.Header;
        }
    }
}
