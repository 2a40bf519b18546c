namespace Edge.Fleet.Rollouts;

/// <content>What follows from the state as a whole: waves, gates, rolling back.</content>
public sealed partial class Rollout
{
    private void Advance(bool isDue)
    {
        bool isTimed = isDue && _members.Timed > 0;
        if (isTimed)
        {
            GiveUpSilent();
        }
        AbortIfBad(isDue);
        if (isTimed)
        {
            AskAgain();
        }
        switch (State.Phase)
        {
            case RolloutPhase.Running:
                do
                {
                    StartWaiting();
                }
                while (PassGate());
                break;
            case RolloutPhase.Completed:
                StartWaiting();
                break;
            case RolloutPhase.RollingBack when _members.Returning == 0:
                Enter(RolloutPhase.Aborted, State.Reason);
                break;
            default:
                break;
        }
    }

    private void AbortIfBad(bool isDue)
    {
        if (State.Phase is not (RolloutPhase.Running or RolloutPhase.Paused))
        {
            return;
        }
        int before = 0;
        for (int wave = 0; wave <= State.Wave; wave++)
        {
            int started = _members.InFlightOf(wave) + _members.SucceededOf(wave) + _members.FailedOf(wave);
            // The wave that is open counts as large as it will be, an earlier one as large as it has become.
            int size = wave == State.Wave ? Math.Max(started, WaveTarget - before) : started;
            before += started;
            if (_members.FailedOf(wave) > size * _plan.Gate.AbortAbove)
            {
                RollBack($"{_members.FailedOf(wave)} of {size} devices of wave {wave + 1} failed");
                return;
            }
        }
        if (isDue && _plan.Gate.WatchesHealth && Regression() is { } regression)
        {
            RollBack(regression);
        }
    }

    /// <summary>What has become worse than under the release before, over the devices that have told both; null where nothing has.</summary>
    private string? Regression()
    {
        int count = 0, latencies = 0, drifts = 0;
        double errorsBefore = 0, errorsAfter = 0, latencyBefore = 0, latencyAfter = 0, driftBefore = 0, driftAfter = 0;
        for (int i = 0; i < _members.Count; i++)
        {
            if (_members.At(i) is not { Phase: MemberPhase.Succeeded, Before: { } before, After: { } after })
            {
                continue;
            }
            count++;
            errorsBefore += before.ErrorRate;
            errorsAfter += after.ErrorRate;
            if (before.LatencyP95Ms is { } oldLatency && after.LatencyP95Ms is { } newLatency)
            {
                latencies++;
                latencyBefore += oldLatency;
                latencyAfter += newLatency;
            }
            if (before.Drift is { } oldDrift && after.Drift is { } newDrift)
            {
                drifts++;
                driftBefore += oldDrift;
                driftAfter += newDrift;
            }
        }
        Gate gate = _plan.Gate;
        if (count == 0 || count < gate.MinimumHealthReports)
        {
            return null;
        }
        if (gate.MaximumErrorRateRise is { } rise && (errorsAfter - errorsBefore) / count > rise)
        {
            return FormattableString.Invariant($"health: {errorsAfter / count:P1} of frames fail, {errorsBefore / count:P1} did before ({count} devices)");
        }
        if (gate.MaximumLatencyRatio is { } ratio && latencies > 0 && latencyAfter > latencyBefore * ratio)
        {
            return FormattableString.Invariant($"health: latency p95 is {latencyAfter / latencies:F1} ms, it was {latencyBefore / latencies:F1} ms ({latencies} devices)");
        }
        return gate.MaximumDriftRise is { } drift && drifts > 0 && (driftAfter - driftBefore) / drifts > drift
            ? FormattableString.Invariant($"health: drift is {driftAfter / drifts:F3}, it was {driftBefore / drifts:F3} ({drifts} devices)")
            : null;
    }

    private void RollBack(string reason)
    {
        Enter(RolloutPhase.RollingBack, reason);
        for (int i = 0; i < _members.Count; i++)
        {
            Member member = _members.At(i);
            if (member.IsStarted)
            {
                SendBack(member);
            }
        }
    }

    private void GiveUpSilent()
    {
        for (int i = 0; i < _members.Count; i++)
        {
            Member member = _members.At(i);
            if (member.Phase == MemberPhase.InFlight && IsSilent(member))
            {
                Fail(member with { Tries = _plan.Retry.Attempts }, "no answer in time", isSilent: true);
            }
        }
    }

    /// <summary>Whether a device owes an answer for too long; one that waits for its next attempt owes it only while it is away.</summary>
    private bool IsSilent(Member member) =>
        _time - (member.RetryAt ?? member.AskedAt) >= _plan.Retry.Timeout && (member.RetryAt is null || !member.IsOnline);

    private void AskAgain()
    {
        bool mayStart = (State.Phase is RolloutPhase.Running or RolloutPhase.Completed) && IsWindowOpen;
        for (int i = 0; i < _members.Count; i++)
        {
            Member member = _members.At(i);
            if (!member.IsOnline)
            {
                continue;
            }
            if (member.Phase == MemberPhase.InFlight && mayStart && member.RetryAt <= _time)
            {
                Ask(member);
            }
            else if (member.Phase == MemberPhase.Restoring && (member.RetryAt <= _time || IsSilent(member)))
            {
                AskBackAgain(member, isSilent: member.RetryAt is null);
            }
        }
    }


    private void StartWaiting()
    {
        int room = WaveTarget - _members.Started;
        if (_plan.MaximumInFlight > 0)
        {
            room = Math.Min(room, _plan.MaximumInFlight - _members.InFlight);
        }
        if (room <= 0 || _members.Ready == 0 || !IsWindowOpen)
        {
            return;
        }
        for (int i = 0; i < _members.Count && room > 0 && _members.Ready > 0; i++)
        {
            Member member = _members.At(i);
            if (member.Phase == MemberPhase.Waiting && member.IsOnline && !member.IsBlocked)
            {
                Start(member);
                room--;
            }
        }
    }

    /// <summary>Opens the next wave, completes or pauses, if the open wave has settled.</summary>
    /// <returns>Whether there is a new wave to start devices of.</returns>
    private bool PassGate()
    {
        int wave = State.Wave;
        int target = WaveTarget;
        int succeeded = _members.SucceededOf(wave);
        int failed = _members.FailedOf(wave);
        bool isFull = _members.Started >= target || _members.Ready == 0;
        // A wave that found nobody to start is judged only where it has nobody to start: devices that are away may yet come.
        bool isJudged = succeeded + failed > 0 || (_members.Started > 0 && _members.Started >= target);
        if (_members.InFlight > 0 || !isFull || !isJudged)
        {
            return false;
        }
        if (succeeded < (succeeded + failed) * _plan.Gate.MinimumSuccess)
        {
            Enter(RolloutPhase.Paused, $"{succeeded} of {succeeded + failed} devices of wave {wave + 1} run the release, which is too few for the gate; resume tries the others again");
            return false;
        }
        if (_time - State.SettledAt < _plan.Gate.Soak || (_plan.Gate.MinimumHealthReports > 0 && HealthReports() < Math.Min(_plan.Gate.MinimumHealthReports, SucceededSoFar())))
        {
            return false;
        }
        return OpenNext(target);
    }

    private bool OpenNext(int target)
    {
        int next = State.Wave;
        if (target < _members.Eligible)
        {
            do
            {
                next++;
            }
            while (_plan.Waves[next].Of(_members.Eligible) <= _members.Started && next < _plan.Waves.Count - 1);
        }
        if (next == State.Wave || _members.Started == _members.Eligible)
        {
            // From here on there is one wave: whoever appears is started at once.
            State = State with { Wave = _plan.Waves.Count - 1 };
            Enter(RolloutPhase.Completed, null);
            return false;
        }
        State = State with { Wave = next, SettledAt = _time };
        _notes.Add($"rollout {_plan.Id}: wave {next + 1} of {_plan.Waves.Count} opens: {WaveTarget} of {_members.Eligible} devices");
        return true;
    }

    private int HealthReports() => Members.Count(member => member is { Phase: MemberPhase.Succeeded, After: not null });

    private int SucceededSoFar()
    {
        int sum = 0;
        for (int wave = 0; wave <= State.Wave; wave++)
        {
            sum += _members.SucceededOf(wave);
        }
        return sum;
    }
}
