namespace Edge.Fleet.Rollouts;

/// <content>Waves: when the next one opens, who is given the release in it, and when all of it is taken back.</content>
public sealed partial class Rollout
{
    /// <summary>Does what the state has made possible: ends, opens the next wave, gives the release to devices.</summary>
    private void Advance(double now)
    {
        if (Header.Status is RolloutStatus.Aborting or RolloutStatus.Aborted)
        {
            RolloutStatus status = _away > 0 ? RolloutStatus.Aborting : RolloutStatus.Aborted;
            if (status != Header.Status)
            {
                Change(status, Header.Reason);
            }
            return;
        }
        if (Header.Status == RolloutStatus.Running)
        {
            if (Trouble() is { } trouble)
            {
                Abort(trouble);
                Advance(now);
                return;
            }
            if (Header.Allowance > 0)
            {
                Soak(now);
            }
        }
        if (Header.Allowance > 0 && Header.Status is RolloutStatus.Running or RolloutStatus.Completed
            && IsWindowOpen(now))
        {
            Assign(now);
        }
    }

    private string? Trouble()
    {
        if (_failed > 0 && _failed > Plan.Gate.AbortRatio * _assigned)
        {
            return $"{_failed} of {_assigned} devices failed, more than {Plan.Gate.AbortRatio:P0} of them";
        }
        return _health.Regression(Plan.Gate);
    }

    private void Soak(double now)
    {
        if (!IsGateOpen)
        {
            if (Header.SoakingSince is not null)
            {
                Header = Header with { SoakingSince = null };
            }
            if (_assigned > 0 && _assigned == _succeeded + _failed && IsWaveFull)
            {
                Change(RolloutStatus.Paused, $"{_succeeded} of {_assigned} devices run the release, which is too few for the gate; resume tries the others again");
            }
            return;
        }
        double since = Header.SoakingSince ?? now;
        if (Header.SoakingSince is null)
        {
            Header = Header with { SoakingSince = now };
        }
        if (now - since < Plan.Gate.SoakSeconds)
        {
            return;
        }
        if (IsLastWave)
        {
            Change(RolloutStatus.Completed, null);
            return;
        }
        int wave = Header.Wave + 1;
        Header = Header with { Wave = wave, Allowance = Math.Max(Header.Allowance, Limit(wave)), SoakingSince = null };
        _story.Add($"wave {wave + 1} of {Plan.Waves.Count} opens: {Plan.Waves[wave]}");
    }

    private void Assign(double now)
    {
        if (Header.Status == RolloutStatus.Completed || IsLastWave)
        {
            // The last wave is the whole group, whoever has joined it meanwhile.
            int everybody = Math.Max(Header.Allowance, Limit(Plan.Waves.Count - 1));
            if (everybody != Header.Allowance)
            {
                Header = Header with { Allowance = everybody };
            }
        }
        for (; _nextWaiting < _order.Count && _assigned < Header.Allowance; _nextWaiting++)
        {
            Member member = _order[_nextWaiting];
            if (member.Stage != MemberStage.Waiting || !member.IsOnline)
            {
                continue;
            }
            // What it goes back to is what it ran before the rollout, however often it left and came back.
            member.Previous = member.WasAssigned ? member.Previous : member.Running;
            member.Attempt++;
            member.FirstAttempt = member.Attempt;
            member.Wave = Header.Wave;
            member.AssignedAt = now;
            member.After = null;
            Move(member, MemberStage.Assigned);
        }
    }

    private void Abort(string reason)
    {
        Change(RolloutStatus.Aborting, reason);
        foreach (Member member in _order)
        {
            if (member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed)
            {
                SetRetry(member, null);
                member.Returns = 0;
                Move(member, MemberStage.Returning);
            }
        }
    }

    /// <summary>A member before the place at which the next turn would look may be waiting for its turn.</summary>
    private void LookAgainFrom(Member member) => _nextWaiting = Math.Min(_nextWaiting, member.Position);

    private int Limit(int wave) => Plan.Waves[wave].Limit(_eligible);
}
