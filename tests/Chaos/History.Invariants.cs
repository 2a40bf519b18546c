using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;

namespace Edge.Chaos;

/// <content>What must hold: judged by the true plan and by what was stored, whatever plan the engine was given.</content>
internal sealed partial class History
{
    private bool _lastStepWasQuiet;
    private double? _gateSince;
    private RolloutEvent.Reported? _said;

    /// <summary>What must hold of a step, while the rows are still those before it.</summary>
    private void CheckStep(RolloutEvent e, RolloutHeader before, IReadOnlyList<Member> changes)
    {
        RolloutHeader after = _engine.Header;
        _lastStepWasQuiet = changes.Count == 0 && after == before;
        bool isPassed = before.Status == RolloutStatus.Running && (after.Wave > before.Wave || after.Status == RolloutStatus.Completed);
        if (isPassed)
        {
            // What this very event says may be what opens the gate, but then nothing has soaked.
            bool isOpen = _plan.Gate.SoakSeconds == 0 ? after.Wave <= before.Wave + 1 : _gateSince is { } since && _now - since >= _plan.Gate.SoakSeconds;
            Require(isOpen, "a gate was passed before the soak was over");
            Require(after.Wave == before.Wave || IsFull(before, changes), "a wave was passed before it was full");
            Require(_plan.Gate.SoakSeconds > 0 || HasEnough(changes), "a gate was passed with too few successes");
        }
        foreach (Member member in changes)
        {
            int i = IndexOf(member.Device);
            MemberStage was = _rows[i]?.Stage ?? MemberStage.Waiting;
            if (member.Stage == MemberStage.Succeeded && was != MemberStage.Succeeded)
            {
                // What the device said, whatever became of it on the way to the engine.
                Require(e is RolloutEvent.Reported && _said is { Phase: UpdatePhase.Committed, Target: Release, Running: Release } && _said.Attempt == _rows[i]?.Attempt,
                    "a device succeeded that did not say so about this attempt");
            }
            bool isFresh = member.Stage == MemberStage.Assigned && was is not (MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed);
            if (isFresh)
            {
                Require(after.Status is RolloutStatus.Running or RolloutStatus.Completed, "a device was started while the rollout did not run");
                Require(_plan.Window is null || _plan.Window.IsOpen(DateTimeOffset.FromUnixTimeSeconds((long)_now)), "a device was started outside the maintenance window");
                CheckWidth(after);
            }
        }
    }

    private void CheckWidth(RolloutHeader header)
    {
        int started = 0, known = 0;
        foreach (Member member in _engine.Members)
        {
            started += member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed ? 1 : 0;
            known++;
        }
        // Devices that have left may have made the group larger when the wave opened.
        WaveSpec wave = _plan.Waves[header.Wave];
        int limit = wave.Count ?? (int)Math.Ceiling((known * wave.Percent!.Value / 100) - 1e-9);
        Require(started <= limit, "more devices were started than the wave allows");
    }

    /// <summary>Whether the wave that was open has what its gate asks for, by the rows with this step's changes.</summary>
    private bool HasEnough(IReadOnlyList<Member> changes)
    {
        int assigned = 0, succeeded = 0;
        for (int i = 0; i < _count; i++)
        {
            MemberStage stage = _rows[i]?.Stage ?? MemberStage.Waiting;
            foreach (Member member in changes)
            {
                // Those whom this step has started belong to the wave that it has opened.
                stage = IndexOf(member.Device) == i && member.Stage != MemberStage.Assigned ? member.Stage : stage;
            }
            assigned += stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed ? 1 : 0;
            succeeded += stage == MemberStage.Succeeded ? 1 : 0;
        }
        return succeeded >= (assigned * _plan.Gate.SuccessRatio) - 1e-6;
    }

    private bool IsFull(RolloutHeader before, IReadOnlyList<Member> changes)
    {
        int assigned = 0, eligible = 0;
        foreach (Member member in _engine.Members)
        {
            // One that had failed and is tried again was started before.
            bool wasStarted = _rows[IndexOf(member.Device)]?.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed;
            bool isNew = member.Stage == MemberStage.Assigned && !wasStarted && changes.Contains(member);
            assigned += !isNew && member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed ? 1 : 0;
            eligible += member.Stage is MemberStage.Excluded or MemberStage.Already ? 0 : 1;
        }
        return assigned >= Math.Min(before.Allowance, eligible);
    }

    /// <summary>What must hold of everything that is stored.</summary>
    private void CheckStored(RolloutEvent e)
    {
        bool isRunning = _header.Status == RolloutStatus.Running;
        int assigned = 0, succeeded = 0, failed = 0;
        double before = 0, after = 0;
        for (int i = 0; i < _count; i++)
        {
            if (_rows[i] is not { } member)
            {
                continue;
            }
            bool isStarted = member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed;
            assigned += isStarted ? 1 : 0;
            succeeded += member.Stage == MemberStage.Succeeded ? 1 : 0;
            failed += member.Stage == MemberStage.Failed ? 1 : 0;
            if (member is { Stage: MemberStage.Succeeded, Before: { } old, After: { } now })
            {
                before += old.LatencyP95;
                after += now.LatencyP95;
            }
            bool isForward = _desired[i] is { Manifest: Release } && !_isPinned[i];
            Require(!_isOut[i] || !isForward || member.Previous == Release, "a device that was taken out is sent to the release");
            Require(!_isPinned[i] || _desired[i]?.Manifest == Pin || e is RolloutEvent.Left, "a pinned device was sent elsewhere");
            Require(_header.Status is not (RolloutStatus.Aborting or RolloutStatus.Aborted) || !isStarted, "an aborted rollout still gives the release");
        }
        if (isRunning)
        {
            Require(failed == 0 || failed <= assigned * _plan.Gate.AbortRatio, "more devices failed than allowed, and nothing was aborted");
            Require(_plan.Gate.MaximumLatencyRatio is not { } ratio || before == 0 || after <= (before * ratio) + 1e-6, "health became worse than allowed, and nothing was aborted");
        }
        bool isOpen = isRunning && succeeded >= (assigned * _plan.Gate.SuccessRatio) - 1e-6 && _header.SoakingSince is not null;
        _gateSince = isOpen ? _gateSince is { } since && _header.SoakingSince <= since ? since : _now : null;
    }

    /// <summary>What must hold once everybody has finished.</summary>
    private void CheckEnd()
    {
        for (int i = 0; i < _count; i++)
        {
            if (_rows[i] is { } member && _devices[i].IsOnline)
            {
                CheckDevice(i, _devices[i], member);
            }
        }
        bool isAnybodyOwing = Enumerable.Range(0, _count).Any(i => _rows[i]?.Stage is MemberStage.Waiting or MemberStage.Assigned && !_devices[i].IsOnline);
        bool isAnybodyIn = Enumerable.Range(0, _count).Any(i => _rows[i]?.Stage is MemberStage.Waiting or MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed);
        bool isShort = _rows.Take(_count).Any(row => row?.Stage == MemberStage.Failed);
        Require(_header.Status != RolloutStatus.Running || isAnybodyOwing || !isAnybodyIn || isShort, "a rollout runs for ever");
        if (_header.Status == RolloutStatus.Aborting)
        {
            bool isSomebodyAway = Enumerable.Range(0, _count).Any(i => _rows[i]?.Stage == MemberStage.Returning && !_devices[i].IsOnline);
            Require(isSomebodyAway, "a rollout rolls back for ever");
        }
    }

    private void CheckDevice(int i, SimDevice device, Member member)
    {
        string previous = member.Previous ?? SimDevice.Factory;
        Require(!device.IsUnderWay, "a device is under way for ever");
        if (_isPinned[i])
        {
            Require(device.Running == Pin, "a pinned device does not run its pin");
            return;
        }
        switch (member.Stage)
        {
            case MemberStage.Succeeded or MemberStage.Already:
                Require(device.Running == Release, "a device counts as updated and runs something else");
                break;
            case MemberStage.Failed:
                Require(device.Running != Release, "a device counts as failed and runs the release");
                break;
            case MemberStage.Returned:
                Require(device.Running == previous, "a device counts as restored and runs something else");
                break;
            case MemberStage.Returning:
                Require(false, "a device never went back");
                break;
            case MemberStage.Excluded when member.Attempt > 0:
                Require(device.Running == previous, "a device that was taken out kept the release");
                break;
            case MemberStage.Assigned:
                Require(_header.Status == RolloutStatus.Cancelled || _header.Status == RolloutStatus.Paused, "a device is in flight for ever");
                break;
            case MemberStage.Waiting:
                Require(_header.Status != RolloutStatus.Completed, "a device waits although the rollout is complete");
                break;
            default:
                break;
        }
    }
}
