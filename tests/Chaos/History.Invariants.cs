using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;

namespace Edge.Chaos;

/// <content>What must hold: judged by the true plan, whatever plan the engine was given.</content>
internal sealed partial class History
{
    private bool _lastStepWasQuiet;

    /// <summary>What must hold of a step, while the rows are still those before it.</summary>
    private void CheckStep(RolloutEvent e, in RolloutStep step)
    {
        _lastStepWasQuiet = step.Changed.Count == 0 && step.Assignments.Count == 0 && step.State == _state;
        foreach (Assignment assignment in step.Assignments)
        {
            int i = IndexOf(assignment.Device);
            Require(assignment.Release != Old || !_oldWithdrawn, "a device was sent to a withdrawn release");
            Require(!_pinned[i] || assignment.Release == Pin, "a pinned device was sent elsewhere");
            if (assignment.Release == Release)
            {
                CheckForward(i, step);
            }
        }
        bool isPassed = _state.Phase == RolloutPhase.Running && (step.State.Wave > _state.Wave || step.State.Phase == RolloutPhase.Completed);
        if (isPassed)
        {
            CheckGate(e, step);
        }
        foreach (Member member in step.Changed)
        {
            bool isNews = _rows[IndexOf(member.Device)]?.Phase != MemberPhase.Succeeded;
            Require(member.Phase != MemberPhase.Succeeded || !isNews || e is RolloutEvent.Reported, "a device succeeded without having said so");
            Require(member.Phase != MemberPhase.Succeeded || !isNews || IsTrulyDone(e, member), "a device succeeded that did not say so about this attempt");
        }
    }

    private bool IsTrulyDone(RolloutEvent e, Member member) =>
        e is RolloutEvent.Reported { Report: { } report } && report.Target == Release && report.Running == Release
        && report.Attempt == _newAttempts[IndexOf(member.Device)] && report.Phase is UpdatePhase.Committed;

    private void CheckForward(int i, in RolloutStep step)
    {
        Require(_plan.IsSigned, "a device was sent to an unsigned release");
        Require(!_newWithdrawn, "a device was sent to a withdrawn release");
        Require(!_excluded[i], "an excluded device was started");
        Require(_inGroup[i] && _joined[i], "a device outside the group was started");
        Require(step.State.Phase is RolloutPhase.Running or RolloutPhase.Completed, "a device was started while the rollout did not run");
        Require(_plan.Windows.Count == 0 || _plan.Windows[0].IsOpen(_time), "a device was started outside the maintenance window");
        if (_rows[i] is { Phase: MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed })
        {
            return;
        }
        int started = 0, eligible = 0, inFlight = 0;
        foreach (Member member in _engine.Members)
        {
            bool isStarted = member.Phase is MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed;
            started += isStarted ? 1 : 0;
            eligible += isStarted || member.Phase == MemberPhase.Waiting ? 1 : 0;
            inFlight += member.Phase == MemberPhase.InFlight ? 1 : 0;
        }
        WaveSize wave = _plan.Waves[step.State.Wave];
        int target = wave.IsPercent ? (int)Math.Ceiling(eligible * wave.Value / 100) : (int)Math.Min(eligible, wave.Value);
        Require(started <= target, "more devices were started than the wave allows");
        Require(_plan.MaximumInFlight == 0 || inFlight <= _plan.MaximumInFlight, "more devices were in flight than allowed");
    }

    private void CheckGate(RolloutEvent e, in RolloutStep step)
    {
        int succeeded = 0, failed = 0;
        bool isSettlement = false;
        foreach (Member member in _engine.Members)
        {
            Member? before = _rows[IndexOf(member.Device)];
            // Those who are started by this very step belong to the next wave.
            if (member.Wave == _state.Wave && before is not null)
            {
                succeeded += member.Phase == MemberPhase.Succeeded ? 1 : 0;
                failed += member.Phase == MemberPhase.Failed ? 1 : 0;
                Require(member.Phase != MemberPhase.InFlight || member.Issued == _sequence, "a gate was passed with devices of the wave in flight");
            }
            isSettlement |= before?.Phase != member.Phase && member.Phase is MemberPhase.Succeeded or MemberPhase.Failed;
        }
        Require(succeeded >= (succeeded + failed) * _plan.Gate.MinimumSuccess, $"a gate was passed with too few successes");
        Require(_plan.Gate.Soak == TimeSpan.Zero || (!isSettlement && _time - _settledAt >= _plan.Gate.Soak), "a gate was passed before the soak was over");
        _ = e;
        _ = step;
    }

    private DateTimeOffset _settledAt;

    /// <summary>What must hold of everything that is stored.</summary>
    private void CheckStored(RolloutEvent e)
    {
        bool mayAbort = _state.Phase is RolloutPhase.Running or RolloutPhase.Paused;
        int started = 0, eligible = 0, open = 0, failedOpen = 0;
        double before = 0, after = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_rows[i] is not { } member)
            {
                continue;
            }
            bool isStarted = member.Phase is MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed;
            started += isStarted ? 1 : 0;
            eligible += isStarted || member.Phase == MemberPhase.Waiting ? 1 : 0;
            open += isStarted && member.Wave == _state.Wave ? 1 : 0;
            failedOpen += member.Phase == MemberPhase.Failed && member.Wave == _state.Wave ? 1 : 0;
            if (member is { Phase: MemberPhase.Succeeded, Before.LatencyP95Ms: { } old, After.LatencyP95Ms: { } now })
            {
                before += old;
                after += now;
            }
            Require(!isStarted || !(_pinned[i] || _excluded[i]), "a pinned or excluded device counts as started");
        }
        if (mayAbort)
        {
            int target = Math.Min(eligible, _plan.Waves[_state.Wave].Of(eligible));
            int size = Math.Max(open, target - (started - open));
            Require(failedOpen <= size * _plan.Gate.AbortAbove, "more devices failed than allowed, and nothing was aborted");
            bool isWorse = _plan.Gate.MaximumLatencyRatio is { } ratio && before > 0 && after > before * ratio;
            Require(!isWorse || e is not RolloutEvent.Ticked, "health became worse than allowed, and nothing was aborted");
        }
        _settledAt = _state.SettledAt;
    }

    /// <summary>What must hold once everybody has finished.</summary>
    private void CheckEnd()
    {
        int waiting = 0, eligible = 0;
        for (int i = 0; i < _count; i++)
        {
            SimDevice device = _devices[i];
            if (_rows[i] is not { Phase: not MemberPhase.Left } member)
            {
                continue;
            }
            eligible += member.Phase is MemberPhase.Waiting or MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed ? 1 : 0;
            waiting += member.Phase is MemberPhase.Waiting && !member.IsOnline ? 1 : 0;
            if (device.IsOnline)
            {
                CheckDevice(device, member);
            }
        }
        Require(_state.Phase != RolloutPhase.RollingBack, "a rollout rolls back for ever");
        Require(_state.Phase != RolloutPhase.Running || waiting > 0 || eligible == 0, "a rollout runs for ever");
    }

    private void CheckDevice(SimDevice device, Member member)
    {
        string previous = member.Previous ?? SimDevice.Factory;
        bool isOver = _state.Phase is RolloutPhase.Completed or RolloutPhase.Aborted or RolloutPhase.Cancelled;
        Require(!device.IsUnderWay, "a device is under way for ever");
        switch (member.Phase)
        {
            case MemberPhase.Succeeded or MemberPhase.Current:
                Require(device.Running == Release, "a device counts as updated and runs something else");
                Require(_state.Phase != RolloutPhase.Aborted || member.Phase == MemberPhase.Current, "a device kept the release of an aborted rollout");
                break;
            case MemberPhase.Failed:
                Require(device.Running != Release, "a device counts as failed and runs the release");
                Require(_state.Phase != RolloutPhase.Aborted, "a device was not sent back by an abort");
                break;
            case MemberPhase.Restored:
                Require(device.Running == previous, "a device counts as restored and runs something else");
                break;
            case MemberPhase.Pinned:
                Require(device.Running == Pin, "a pinned device does not run its pin");
                break;
            case MemberPhase.InFlight:
                Require(!isOver && _state.Phase != RolloutPhase.Running, "a device is in flight for ever");
                break;
            case MemberPhase.Waiting:
                Require(_state.Phase != RolloutPhase.Completed, "a device waits although the rollout is complete");
                Require(device.Running != Release, "a device waits and runs the release");
                break;
            case MemberPhase.Restoring:
                Require(false, "a device never went back");
                break;
            case MemberPhase.Stuck:
                Require(_plan.Retry.Attempts < 2, "a device is stuck although it can go back");
                break;
            default:
                break;
        }
        Require(!_newWithdrawn || device.Running != Release, "a device runs a withdrawn release");
    }
}
