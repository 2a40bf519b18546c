using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <summary>
/// A rollout as a state machine without any input or output: events change the state, and what devices are asked to do is a
/// function of the state. Losing, repeating or reordering events, or asking a device twice, does no harm; so a server that saves
/// the state after each event may die between any two steps. One thread at a time.
/// </summary>
public sealed partial class Rollout
{
    /// <summary>Attempts at going back are numbered from here on, above those at going forward that a device may remember as failed.</summary>
    private const int FirstReturn = 1_000_000;

    /// <summary>A device that fails to go back is asked again after so many seconds, then after twice as many, and so on.</summary>
    private const double ReturnDelay = 60;

    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private readonly List<Member> _order = [];
    private readonly List<Member> _changed = [];
    private readonly List<string> _story = [];
    private readonly HealthComparison _health = new();
    private readonly bool _isAlwaysOpen;
    private int _nextWaiting;
    private int _assigned;
    private int _succeeded;
    private int _failed;
    private int _away;
    private int _waiting;
    private int _timed;
    private int _eligible;

    /// <summary>Begins a rollout, or takes up one that was saved.</summary>
    /// <param name="plan">What it is to do.</param>
    /// <param name="header">What was saved of it; null for a new one.</param>
    /// <param name="members">Its members, in the order in which they joined.</param>
    public Rollout(RolloutPlan plan, RolloutHeader? header = null, IEnumerable<Member>? members = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Plan = plan;
        _isAlwaysOpen = plan.Window is null;
        Header = header ?? new RolloutHeader();
        foreach (Member member in members ?? [])
        {
            Add(member);
            Count(member.Stage, +1, member);
        }
    }

    /// <summary>What it is to do.</summary>
    public RolloutPlan Plan { get; }

    /// <summary>How it stands.</summary>
    public RolloutHeader Header { get; private set; }

    /// <summary>Its devices, in the order in which they joined.</summary>
    public IReadOnlyList<Member> Members => _order;

    /// <summary>Devices that were given the release and are still in the rollout.</summary>
    public int Assigned => _assigned;

    /// <summary>Devices that run the release.</summary>
    public int Succeeded => _succeeded;

    /// <summary>Devices that failed.</summary>
    public int Failed => _failed;

    /// <summary>Whether the next wave may open as far as devices' answers go.</summary>
    public bool IsGateOpen =>
        IsWaveFull && _succeeded >= Math.Ceiling((Plan.Gate.SuccessRatio * _assigned) - 1e-9);

    /// <summary>Whether the last wave is open.</summary>
    public bool IsLastWave => Header.Wave == Plan.Waves.Count - 1;

    /// <summary>Whether the open wave has no devices left to start; only the last one goes on without those that are not connected.</summary>
    private bool IsWaveFull => _assigned >= Math.Min(Header.Allowance, _eligible) || (IsLastWave && _waiting == 0 && _assigned > 0);

    /// <summary>Takes an event in.</summary>
    /// <param name="happened">What has happened.</param>
    /// <param name="now">When, in seconds since 1970, by the server's clock.</param>
    public void Apply(RolloutEvent happened, double now)
    {
        switch (happened)
        {
            case RolloutEvent.Joined joined:
                Join(joined);
                break;
            case RolloutEvent.Seen seen:
                See(seen);
                break;
            case RolloutEvent.Left left:
                Leave(left.Device);
                break;
            case RolloutEvent.Reported reported:
                Report(reported, now);
                break;
            case RolloutEvent.Measured measured:
                Measure(measured);
                break;
            case RolloutEvent.Pause pause when Header.Status == RolloutStatus.Running:
                Change(RolloutStatus.Paused, pause.Reason);
                break;
            case RolloutEvent.Resume when Header.Status == RolloutStatus.Paused:
                Change(RolloutStatus.Running, null);
                TryFailedAgain(now);
                break;
            case RolloutEvent.Abort abort when Header.Status is RolloutStatus.Running or RolloutStatus.Paused or RolloutStatus.Completed:
                Abort(abort.Reason);
                break;
            case RolloutEvent.Cancel when Header.Status is RolloutStatus.Running or RolloutStatus.Paused:
                Change(RolloutStatus.Cancelled, null);
                GiveUpRetries();
                break;
            case RolloutEvent.Tick:
                TimeOut(now);
                Retry(now);
                break;
        }
        if (happened is RolloutEvent.Tick && Header is { Status: RolloutStatus.Running, Allowance: 0 } && _order.Count > 0)
        {
            // Not before a tick: a share of the group means something only once the whole group has joined.
            Header = Header with { Allowance = Limit(0) };
            _story.Add($"wave 1 of {Plan.Waves.Count} opens: {Plan.Waves[0]}");
        }
        Advance(now);
    }

    /// <summary>What is asked of a device; null where nothing is.</summary>
    /// <param name="device">Its name.</param>
    public Assignment? AssignmentOf(string device)
    {
        if (!_members.TryGetValue(device, out Member? member) || !member.WasAssigned)
        {
            return null;
        }
        bool back = IsBack(member);
        return back ? new Assignment(member.Previous, FirstReturn + member.Returns, IsReturn: true) : new Assignment(Plan.Manifest, member.Attempt, IsReturn: false);
    }

    /// <summary>A device of the rollout; null where it is not in it.</summary>
    /// <param name="device">Its name.</param>
    public Member? Find(string device) => _members.GetValueOrDefault(device);

    /// <summary>The members that have changed since the last call: to be saved, and asked anew.</summary>
    public IReadOnlyList<Member> TakeChanges()
    {
        if (_changed.Count == 0)
        {
            return [];
        }
        Member[] changes = _changed.Count == 1 ? [_changed[0]] : [.. _changed.Distinct()];
        _changed.Clear();
        return changes;
    }

    /// <summary>What has happened since the last call, one line each.</summary>
    public IReadOnlyList<string> TakeStory()
    {
        if (_story.Count == 0)
        {
            return [];
        }
        string[] story = [.. _story];
        _story.Clear();
        return story;
    }

    private void Join(RolloutEvent.Joined joined)
    {
        if (_members.TryGetValue(joined.Device, out Member? member))
        {
            if (member.Stage == MemberStage.Excluded)
            {
                // One that had the release and was taken out waits for its turn anew, like any other.
                SetRetry(member, null);
                Move(member, joined.Running == Plan.Manifest && !member.WasAssigned ? MemberStage.Already : MemberStage.Waiting);
                SetOnline(member, joined.IsOnline);
                (member.Wave, member.Error) = (-1, null);
                member.Running = joined.Running ?? member.Running;
                LookAgainFrom(member);
            }
            return;
        }
        member = new Member { Device = joined.Device, Running = joined.Running, IsOnline = joined.IsOnline, Stage = joined.Running == Plan.Manifest ? MemberStage.Already : MemberStage.Waiting };
        Add(member);
        Count(member.Stage, +1, member);
        _changed.Add(member);
    }

    private void Leave(string device)
    {
        if (_members.TryGetValue(device, out Member? member) && member.Stage != MemberStage.Excluded)
        {
            SetRetry(member, null);
            Move(member, MemberStage.Excluded);
        }
    }

    private void See(RolloutEvent.Seen seen)
    {
        if (_members.TryGetValue(seen.Device, out Member? member) && member.IsOnline != seen.IsOnline)
        {
            SetOnline(member, seen.IsOnline);
            LookAgainFrom(member);
        }
    }

    private void Report(RolloutEvent.Reported reported, double now)
    {
        if (!_members.TryGetValue(reported.Device, out Member? member))
        {
            return;
        }
        if (reported.Running is not null && reported.Running != member.Running)
        {
            member.Running = reported.Running;
            _changed.Add(member);
        }
        if (member.Stage == MemberStage.Already && reported.Running is not null && reported.Running != Plan.Manifest)
        {
            Move(member, MemberStage.Waiting);
            LookAgainFrom(member);
            return;
        }
        if (member.WasAssigned && IsBack(member))
        {
            HearOfReturn(member, reported, now);
        }
        if (Header.Status is RolloutStatus.Aborting or RolloutStatus.Aborted)
        {
            if (member.Stage is MemberStage.Returning or MemberStage.Returned)
            {
                bool isBack = member.Previous is null ? reported.Running != Plan.Manifest : reported.Running == member.Previous;
                Move(member, isBack ? MemberStage.Returned : MemberStage.Returning);
            }
            return;
        }
        if (member.Stage is not (MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed) || reported.Target != Plan.Manifest)
        {
            return;
        }
        bool isOver = !member.IsSilent && (member.RetryAt is not null || member.Stage == MemberStage.Failed);
        if (reported.Attempt != member.Attempt || isOver)
        {
            // It is about an attempt before, or about one that the device itself has given up.
            return;
        }
        if (reported.Phase == UpdatePhase.Committed && reported.Running == Plan.Manifest)
        {
            (member.Error, member.IsSilent) = (null, false);
            SetRetry(member, null);
            Move(member, MemberStage.Succeeded);
        }
        else if (reported.Phase is UpdatePhase.Failed or UpdatePhase.RolledBack)
        {
            Fail(member, reported.Error ?? "no reason given", now);
        }
    }

    private void Measure(RolloutEvent.Measured measured)
    {
        if (!_members.TryGetValue(measured.Device, out Member? member))
        {
            return;
        }
        if (measured.Running == Plan.Manifest && member.Stage == MemberStage.Succeeded)
        {
            _health.Remove(member);
            member.After = measured.Sample;
            _health.Add(member);
            _changed.Add(member);
        }
        else if (member.Stage == MemberStage.Waiting && measured.Running != Plan.Manifest)
        {
            member.Before = measured.Sample;
            _changed.Add(member);
        }
    }

    private void TimeOut(double now)
    {
        if (Plan.Gate.TimeoutSeconds <= 0 || Header.Status is not (RolloutStatus.Running or RolloutStatus.Paused))
        {
            return;
        }
        foreach (Member member in _order)
        {
            if (member.Stage == MemberStage.Assigned && now - (member.RetryAt ?? member.AssignedAt) > Plan.Gate.TimeoutSeconds && (member.RetryAt is null || !member.IsOnline))
            {
                // One that waits for its next attempt has said how the last one ended.
                (member.Error, member.IsSilent) = ("it has not answered in time", member.IsSilent || member.RetryAt is null);
                SetRetry(member, null);
                Move(member, MemberStage.Failed);
                _story.Add($"{member.Device} failed: {member.Error}");
            }
        }
    }

    private void Change(RolloutStatus status, string? reason)
    {
        Header = Header with { Status = status, Reason = reason, SoakingSince = null };
        _story.Add($"{status.ToString().ToLowerInvariant()}{(reason is null ? "" : $": {reason}")}");
    }

    private void Add(Member member)
    {
        _members.Add(member.Device, member);
        member.Position = _order.Count;
        _order.Add(member);
        _timed += member.RetryAt is null ? 0 : 1;
    }

    private void Move(Member member, MemberStage stage)
    {
        if (member.Stage == stage)
        {
            return;
        }
        Count(member.Stage, -1, member);
        member.Stage = stage;
        Count(stage, +1, member);
        _changed.Add(member);
    }

    private void Count(MemberStage stage, int change, Member member)
    {
        _eligible += stage is MemberStage.Excluded or MemberStage.Already ? 0 : change;
        _waiting += stage == MemberStage.Waiting && member.IsOnline ? change : 0;
        switch (stage)
        {
            case MemberStage.Assigned:
                _assigned += change;
                break;
            case MemberStage.Succeeded:
                _assigned += change;
                _succeeded += change;
                break;
            case MemberStage.Failed:
                _assigned += change;
                _failed += change;
                break;
            case MemberStage.Returning:
                _away += change;
                break;
        }
        if (stage == MemberStage.Succeeded)
        {
            if (change > 0)
            {
                _health.Add(member);
            }
            else
            {
                _health.Remove(member);
            }
        }
    }
}
