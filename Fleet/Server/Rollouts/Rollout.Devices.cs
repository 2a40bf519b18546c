using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <content>What devices are asked, and what their answers mean.</content>
public sealed partial class Rollout
{
    private bool IsWindowOpen
    {
        get
        {
            foreach (MaintenanceWindow window in _plan.Windows)
            {
                if (window.IsOpen(_time))
                {
                    return true;
                }
            }
            return _plan.Windows.Count == 0;
        }
    }

    private void Start(Member member)
    {
        Set(member with { Phase = MemberPhase.InFlight, Wave = State.Wave, Tries = 0, Error = null, After = null, IsSilent = false });
        Ask(Find(member.Device)!);
    }

    private void Ask(Member member)
    {
        Member asked = member with { Attempt = member.Attempt + 1, Tries = member.Tries + 1, Issued = _sequence, AskedAt = _time, RetryAt = null, IsSilent = false };
        Set(asked);
        _assignments.Add(new Assignment(asked.Device, _plan.Release, asked.Attempt, _plan.AllowDowngrade));
    }

    private void SendBack(Member member)
    {
        Member sent = member with { Phase = MemberPhase.Restoring, Tries = 1, Issued = _sequence, AskedAt = _time, RetryAt = null, Error = null };
        Set(sent);
        _assignments.Add(new Assignment(sent.Device, sent.Previous, sent.PreviousAttempt, AllowDowngrade: true));
    }

    private void AskBackAgain(Member member, bool isSilent)
    {
        Member sent = member with
        {
            // A device that has failed is asked anew; one that says nothing may still be at the attempt before.
            PreviousAttempt = member.PreviousAttempt + (isSilent ? 0 : 1),
            Tries = member.Tries + (isSilent ? 0 : 1),
            Issued = _sequence,
            AskedAt = _time,
            RetryAt = null,
        };
        Set(sent);
        _assignments.Add(new Assignment(sent.Device, sent.Previous, sent.PreviousAttempt, AllowDowngrade: true));
    }

    /// <summary>
    /// Reports of one attempt only ever raise what is known of it (on the way, then kept, then given up), and reports that answer
    /// something older are passed over: so neither order nor repetition of messages decides how it ends.
    /// </summary>
    private void Hear(Member member, DeviceReport report)
    {
        switch (member.Phase)
        {
            case MemberPhase.Waiting or MemberPhase.Current or MemberPhase.Excluded when report.Running == _plan.Release && State.IsWithdrawn:
                SendBack(member);
                break;
            case MemberPhase.Waiting when report.Running == _plan.Release:
                Set(member with { Phase = MemberPhase.Current });
                break;
            case MemberPhase.Current when report.Running != _plan.Release:
                Set(member with { Phase = MemberPhase.Waiting });
                break;
            case MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed when report.Answers >= member.Issued:
                HearForward(member, report);
                break;
            case MemberPhase.Restoring or MemberPhase.Stuck when report.Answers >= member.Issued:
                HearBack(member, report);
                break;
            default:
                break;
        }
    }

    private void HearForward(Member member, DeviceReport report)
    {
        if (report.Target != _plan.Release || report.Attempt != member.Attempt)
        {
            return;
        }
        if (report.Phase is UpdatePhase.RolledBack or UpdatePhase.Failed)
        {
            bool isNews = (member.Phase == MemberPhase.InFlight && member.RetryAt is null) || member.Phase == MemberPhase.Succeeded || (member.Phase == MemberPhase.Failed && member.IsSilent);
            if (isNews)
            {
                Fail(member, report.Error ?? "the device gave no reason", isSilent: false);
            }
        }
        else if ((report.Phase is UpdatePhase.Committed or UpdatePhase.Idle) && report.Running == _plan.Release)
        {
            if ((member.Phase == MemberPhase.InFlight && member.RetryAt is null) || member is { Phase: MemberPhase.InFlight or MemberPhase.Failed, IsSilent: true })
            {
                Set(member with { Phase = MemberPhase.Succeeded, Error = null, RetryAt = null, IsSilent = false });
                Settled();
            }
        }
    }

    private void HearBack(Member member, DeviceReport report)
    {
        bool isUnderWay = report.Phase is UpdatePhase.Downloading or UpdatePhase.Verifying or UpdatePhase.Staged or UpdatePhase.Trial;
        bool isThere = member.Previous is null ? report.Running != _plan.Release || report.Target is null : report.Running == member.Previous;
        if (isThere && !isUnderWay)
        {
            // Where the rollout goes on, a device was sent back because it was taken out; it may have been let in again meanwhile.
            Set(member with { Phase = Governs && !member.IsExcluded ? MemberPhase.Waiting : MemberPhase.Restored, RetryAt = null });
        }
        else if (member.Phase == MemberPhase.Restoring && member.RetryAt is null && report.Target == member.Previous && report.Attempt == member.PreviousAttempt
            && (report.Phase is UpdatePhase.RolledBack or UpdatePhase.Failed))
        {
            bool isLast = member.Tries >= _plan.Retry.Attempts;
            string error = report.Error ?? "the device gave no reason";
            Set(member with { Phase = isLast ? MemberPhase.Stuck : MemberPhase.Restoring, Error = error, RetryAt = isLast ? null : _time + _plan.Retry.DelayAfter(member.Tries) });
            if (isLast)
            {
                _notes.Add($"rollout {_plan.Id}: {member.Device} cannot go back: {error}");
            }
        }
    }

    private void Fail(Member member, string error, bool isSilent)
    {
        if (member.Phase != MemberPhase.Failed && State.Phase != RolloutPhase.Cancelled && member.Tries < _plan.Retry.Attempts)
        {
            Set(member with { Phase = MemberPhase.InFlight, RetryAt = _time + _plan.Retry.DelayAfter(member.Tries), Error = error });
            return;
        }
        Set(member with { Phase = MemberPhase.Failed, RetryAt = null, Error = error, IsSilent = isSilent });
        Settled();
        _notes.Add($"rollout {_plan.Id}: {member.Device} failed: {error}");
    }
}
