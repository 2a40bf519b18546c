using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <content>Attempts after the first, forward and back.</content>
public sealed partial class Rollout
{
    private const int MostDoublings = 10;

    private bool IsBack(Member member) =>
        member.Stage is MemberStage.Excluded or MemberStage.Waiting || Header.Status is RolloutStatus.Aborting or RolloutStatus.Aborted;

    private void Fail(Member member, string reason, double now)
    {
        (member.Error, member.IsSilent) = (reason, false);
        _changed.Add(member);
        if (member.RetryAt is not null)
        {
            // It was silent and is asked again already; this is the answer to the attempt before.
            return;
        }
        int tries = member.Attempt - member.FirstAttempt;
        if (tries < Plan.Gate.Retries && member.Stage != MemberStage.Failed && Header.Status != RolloutStatus.Cancelled)
        {
            SetRetry(member, now + (Plan.Gate.RetryDelaySeconds * (1 << Math.Min(tries, MostDoublings))));
            Move(member, MemberStage.Assigned);
            _story.Add($"{member.Device} failed and will try again: {reason}");
            return;
        }
        Move(member, MemberStage.Failed);
        _story.Add($"{member.Device} failed: {reason}");
    }

    private void HearOfReturn(Member member, RolloutEvent.Reported reported, double now)
    {
        bool isRefused = reported.Phase is UpdatePhase.Failed or UpdatePhase.RolledBack;
        if (isRefused && member.RetryAt is null && reported.Target == member.Previous && reported.Attempt == FirstReturn + member.Returns)
        {
            member.Error = reported.Error;
            SetRetry(member, now + (ReturnDelay * (1 << Math.Min(member.Returns, MostDoublings))));
            _story.Add($"{member.Device} cannot go back and will try again: {reported.Error ?? "no reason given"}");
        }
    }

    /// <summary>Asks devices again for whom it is time: forward only while the rollout gives the release, back always.</summary>
    private void Retry(double now)
    {
        if (_timed == 0)
        {
            return;
        }
        bool mayStart = Header.Status is RolloutStatus.Running or RolloutStatus.Completed && IsWindowOpen(now);
        foreach (Member member in _order)
        {
            if (!(member.RetryAt <= now) || !member.IsOnline)
            {
                continue;
            }
            if (IsBack(member))
            {
                member.Returns++;
                SetRetry(member, null);
            }
            else if (mayStart && member.Stage == MemberStage.Assigned)
            {
                member.Attempt++;
                (member.AssignedAt, member.IsSilent) = (now, false);
                SetRetry(member, null);
            }
        }
    }

    private void TryFailedAgain(double now)
    {
        foreach (Member member in _order)
        {
            if (member.Stage == MemberStage.Failed)
            {
                member.FirstAttempt = member.Attempt + 1;
                SetRetry(member, now);
                Move(member, MemberStage.Assigned);
            }
        }
        Retry(now);
    }

    private void GiveUpRetries()
    {
        foreach (Member member in _order)
        {
            if (member is { Stage: MemberStage.Assigned, RetryAt: not null })
            {
                SetRetry(member, null);
                Move(member, MemberStage.Failed);
            }
        }
    }

    private void SetRetry(Member member, double? time)
    {
        if (member.RetryAt != time)
        {
            _timed += (time is null ? 0 : 1) - (member.RetryAt is null ? 0 : 1);
            member.RetryAt = time;
            _changed.Add(member);
        }
    }

    private void SetOnline(Member member, bool isOnline)
    {
        if (member.IsOnline != isOnline)
        {
            member.IsOnline = isOnline;
            _waiting += member.Stage != MemberStage.Waiting ? 0 : isOnline ? 1 : -1;
            _changed.Add(member);
        }
    }

    private bool IsWindowOpen(double now) =>
        _isAlwaysOpen || Plan.Window!.IsOpen(DateTimeOffset.FromUnixTimeSeconds((long)now));
}
