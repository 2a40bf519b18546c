using Edge.Fleet.Protocol;

namespace Edge.Agent.State;

/// <summary>
/// What becomes of the state at each event: a pure function. Whoever calls it saves the new state before doing what its
/// phase asks for, so that a power cut between any two steps finds a state whose work can be done again.
/// </summary>
internal static class UpdateMachine
{
    /// <summary>A desired state names a release of this package. Naming the same one again changes nothing.</summary>
    internal static UpdateState Asked(UpdateState state, DesiredRelease asked)
    {
        bool isTarget = state.Target?.ManifestSha256 == asked.ManifestSha256;
        if (state.IsBusy && isTarget)
        {
            return state.Target!.Attempt == asked.Attempt && state.Target.Trial == asked.Trial ? state : state with { Target = asked };
        }
        UpdateState idle = state with { Target = asked, Error = null, Starts = 0, BytesFetched = 0, BytesReused = 0 };
        if (state.Running.ManifestSha256 == asked.ManifestSha256)
        {
            return !state.IsBusy && isTarget && state.Phase == UpdatePhase.Committed ? state with { Target = asked } : idle with { Phase = UpdatePhase.Committed };
        }
        foreach (RejectedRelease rejected in state.Rejected)
        {
            if (rejected.ManifestSha256 == asked.ManifestSha256 && rejected.Attempt >= asked.Attempt)
            {
                return idle with { Phase = rejected.Ran ? UpdatePhase.RolledBack : UpdatePhase.Failed, Error = rejected.Reason };
            }
        }
        if (asked.Release < state.Highest && !asked.AllowDowngrade)
        {
            return idle with
            {
                Phase = UpdatePhase.Failed,
                Error = $"release {asked.Release} is older than release {state.Highest}, which this device has kept, and the desired state does not allow that",
            };
        }
        return idle with { Phase = UpdatePhase.Downloading };
    }

    /// <summary>Every blob is in its place.</summary>
    internal static UpdateState Fetched(UpdateState state) => state with { Phase = UpdatePhase.Verifying };

    /// <summary>The package is whole and lies in its slot, over whatever lay there.</summary>
    internal static UpdateState Verified(UpdateState state) => state with { Phase = UpdatePhase.Staged, Previous = null, Starts = 0 };

    /// <summary>What lies there is not what was asked for, and fetching it again may help.</summary>
    internal static UpdateState Damaged(UpdateState state) => state with { Phase = UpdatePhase.Downloading };

    /// <summary>The release was looked at and is about to run.</summary>
    internal static UpdateState Switching(UpdateState state) => state with { Phase = UpdatePhase.Trial };

    /// <summary>The release has stood its trial.</summary>
    internal static UpdateState Passed(UpdateState state)
    {
        DesiredRelease target = state.Target!;
        return state with
        {
            Phase = UpdatePhase.Committed,
            Previous = state.Running.Slot == SlotName.Factory ? null : state.Running,
            Running = new SlotRelease { Slot = state.TargetSlot, Version = target.Version, Release = target.Release, ManifestSha256 = target.ManifestSha256 },
            Highest = Math.Max(state.Highest, target.Release),
            Rejected = Without(state.Rejected, target.ManifestSha256),
            Error = null,
            Starts = 0,
        };
    }

    /// <summary>The release is not to be used, and not to be tried again.</summary>
    /// <param name="state">The state.</param>
    /// <param name="reason">Why, in plain words.</param>
    internal static UpdateState Rejected(UpdateState state, string reason)
    {
        bool ran = state.Phase == UpdatePhase.Trial;
        List<RejectedRelease> list = Without(state.Rejected, state.Target!.ManifestSha256);
        list.Add(new RejectedRelease(state.Target.ManifestSha256, state.Target.Attempt, ran, reason));
        if (list.Count > UpdateState.MaximumRejected)
        {
            list.RemoveAt(0);
        }
        return state with { Phase = ran ? UpdatePhase.RolledBack : UpdatePhase.Failed, Error = reason, Rejected = list, Starts = 0 };
    }

    /// <summary>The process starts: a release that it was trying may be why it ended.</summary>
    /// <param name="state">The state.</param>
    /// <param name="maximumStarts">How often is too often.</param>
    internal static UpdateState Started(UpdateState state, int maximumStarts)
    {
        if (state.Phase is not (UpdatePhase.Staged or UpdatePhase.Trial))
        {
            return state;
        }
        UpdateState next = state with { Starts = state.Starts + 1 };
        return next.Starts < maximumStarts ? next : Rejected(next, $"the runtime ended {next.Starts} times while the release was tried");
    }

    /// <summary>The process was told to end: that is nobody's fault.</summary>
    internal static UpdateState Stopped(UpdateState state) => state.Starts > 0 ? state with { Starts = state.Starts - 1 } : state;

    /// <summary>The release that runs is another one than the journal says: the slot was damaged, or the delivered package changed.</summary>
    internal static UpdateState Runs(UpdateState state, SlotRelease running) => state with
    {
        Running = running,
        Previous = null,
        Highest = Math.Max(state.Highest, running.Release),
        Phase = state.Phase == UpdatePhase.Committed ? UpdatePhase.Idle : state.Phase,
    };

    /// <summary>The package that the device was delivered with is asked for.</summary>
    internal static UpdateState Delivered(UpdateState state, SlotRelease factory) => state with
    {
        Running = factory,
        Previous = null,
        Phase = UpdatePhase.Idle,
        Target = null,
        Error = null,
        Starts = 0,
    };

    private static List<RejectedRelease> Without(IReadOnlyList<RejectedRelease> list, string manifest)
    {
        var rest = new List<RejectedRelease>(list.Count + 1);
        foreach (RejectedRelease rejected in list)
        {
            if (rejected.ManifestSha256 != manifest)
            {
                rest.Add(rejected);
            }
        }
        return rest;
    }
}
