namespace Edge.Fleet.Rollouts;

/// <summary>
/// The rollout engine: a state machine without clock, chance and I/O. What it is after an event depends on the plan, the state
/// before and the event alone, and everything it knows is in <see cref="State"/> and <see cref="Members"/>: an engine that is made
/// from stored rows goes on as the one that had stored them. One thread at a time.
/// </summary>
public sealed partial class Rollout
{
    private readonly MemberTable _members;
    private readonly Dictionary<string, Member> _changed = new(StringComparer.Ordinal);
    private readonly List<Assignment> _assignments = [];
    private readonly List<string> _notes = [];
    private readonly RolloutPlan _plan;
    private DateTimeOffset _time;
    private long _sequence;

    /// <summary>Makes a rollout that begins, or one that goes on.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="state">What was stored of it.</param>
    /// <param name="members">What was stored of its devices.</param>
    /// <exception cref="FleetException">The plan is wrong, or its release is not signed.</exception>
    public Rollout(RolloutPlan plan, RolloutState state, IEnumerable<Member> members)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(members);
        plan.Validate();
        _plan = plan;
        State = state;
        _members = new MemberTable(plan.Id);
        foreach (Member member in members)
        {
            _members.Set(member);
        }
    }

    /// <summary>The plan.</summary>
    public RolloutPlan Plan => _plan;

    /// <summary>Where the rollout stands.</summary>
    public RolloutState State { get; private set; }

    /// <summary>How many devices it has, those included that are none of its business any more.</summary>
    public int Count => _members.Count;

    /// <summary>Its devices, in the order in which they are started.</summary>
    public IEnumerable<Member> Members
    {
        get
        {
            for (int i = 0; i < _members.Count; i++)
            {
                yield return _members.At(i);
            }
        }
    }

    /// <summary>Whether it starts devices, or may yet do so: two such rollouts of one package must not share a device.</summary>
    public bool IsActive => State.Phase is RolloutPhase.Running or RolloutPhase.Paused or RolloutPhase.RollingBack;

    /// <summary>Whether devices that appear get its release.</summary>
    public bool Governs => State.Phase is RolloutPhase.Running or RolloutPhase.Paused or RolloutPhase.Completed;

    /// <summary>How many devices may have been started while the open wave lasts.</summary>
    public int WaveTarget => _plan.Waves[State.Wave].Of(_members.Eligible);

    /// <summary>What is known of a device; null where it never was in the rollout.</summary>
    /// <param name="device">The device.</param>
    public Member? Find(string device) => _members.Find(device);

    /// <summary>Takes an event in.</summary>
    /// <param name="e">What happened.</param>
    /// <param name="time">When, by the server's clock.</param>
    /// <param name="sequence">Its number among all events of the fleet: greater than that of every event before it.</param>
    /// <returns>What is to be stored, in one transaction, and what devices are to be told afterwards.</returns>
    public RolloutStep Apply(RolloutEvent e, DateTimeOffset time, long sequence)
    {
        ArgumentNullException.ThrowIfNull(e);
        _changed.Clear();
        _assignments.Clear();
        _notes.Clear();
        _time = time;
        _sequence = sequence;
        Take(e);
        Advance(isDue: e is RolloutEvent.Ticked or RolloutEvent.ResumeOrdered);
        return new RolloutStep(State, _changed.Values, _assignments, _notes);
    }

    private void Take(RolloutEvent e)
    {
        switch (e)
        {
            case RolloutEvent.Joined joined:
                foreach (Candidate candidate in joined.Devices)
                {
                    Join(candidate);
                }
                break;
            case RolloutEvent.Left left when Find(left.Device) is { } member:
                Set(member with { Phase = MemberPhase.Left, RetryAt = null });
                break;
            case RolloutEvent.Seen seen when Find(seen.Device) is { } member && (member.IsOnline != seen.IsOnline || member.IsBlocked != seen.IsBlocked):
                Set(member with { IsOnline = seen.IsOnline, IsBlocked = seen.IsBlocked });
                break;
            case RolloutEvent.Reported reported when Find(reported.Device) is { } member:
                Hear(member, reported.Report);
                break;
            case RolloutEvent.Measured measured when Find(measured.Device) is { } member:
                Measure(member, measured);
                break;
            case RolloutEvent.PauseOrdered when State.Phase == RolloutPhase.Running:
                Enter(RolloutPhase.Paused, "paused by an operator");
                break;
            case RolloutEvent.ResumeOrdered when State.Phase == RolloutPhase.Paused:
                Resume();
                break;
            case RolloutEvent.AbortOrdered abort when Governs || State.Phase == RolloutPhase.Cancelled:
                RollBack(abort.Reason);
                break;
            case RolloutEvent.CancelOrdered when State.Phase is RolloutPhase.Running or RolloutPhase.Paused:
                Cancel();
                break;
            case RolloutEvent.Excluded excluded when Find(excluded.Device) is { } member:
                Exclude(member);
                break;
            case RolloutEvent.Pinned pinned when Find(pinned.Device) is { Phase: not MemberPhase.Left } member:
                Set(member with { Phase = MemberPhase.Pinned, RetryAt = null, Issued = _sequence, AskedAt = _time });
                _assignments.Add(new Assignment(pinned.Device, pinned.Release, pinned.Attempt, AllowDowngrade: true));
                break;
            case RolloutEvent.Withdrawn withdrawn:
                Withdraw(withdrawn.Release);
                break;
            default:
                break;
        }
    }

    private void Join(Candidate e)
    {
        Member? known = Find(e.Device);
        bool isBusy = known is { IsStarted: true } or { Phase: MemberPhase.Restoring } or { Phase: MemberPhase.Restored or MemberPhase.Stuck, IsExcluded: false };
        if (isBusy)
        {
            Set(known! with { IsOnline = e.IsOnline, IsBlocked = e.IsBlocked, IsExcluded = e.IsExcluded });
            return;
        }
        Set(new Member
        {
            Device = e.Device,
            Phase = e.IsPinned ? MemberPhase.Pinned : e.IsExcluded ? MemberPhase.Excluded : e.Running == _plan.Release ? MemberPhase.Current : MemberPhase.Waiting,
            IsOnline = e.IsOnline,
            IsBlocked = e.IsBlocked,
            IsExcluded = e.IsExcluded,
            // A device that was told of this very release before, and does not run it, has nothing else to go back to that is known.
            Previous = e.Previous == _plan.Release ? null : e.Previous,
            PreviousAttempt = e.PreviousAttempt,
            Attempt = Math.Max(e.Attempt, known?.Attempt ?? 0),
            Before = known?.Before,
        });
        if (State.IsWithdrawn && e.Running == _plan.Release && !e.IsPinned)
        {
            SendBack(Find(e.Device)!);
        }
    }


    private void Measure(Member member, RolloutEvent.Measured e)
    {
        if (e.IsNew && member.Phase == MemberPhase.Succeeded)
        {
            Set(member with { After = e.Figures });
        }
        else if (!e.IsNew && (member.Phase is MemberPhase.Waiting or MemberPhase.InFlight))
        {
            Set(member with { Before = e.Figures });
        }
    }

    private void Exclude(Member member)
    {
        if (member.IsStarted)
        {
            Set(member with { IsExcluded = true });
            SendBack(Find(member.Device)!);
        }
        else
        {
            bool isOut = member.Phase is MemberPhase.Waiting or MemberPhase.Current;
            Set(member with { IsExcluded = true, Phase = isOut ? MemberPhase.Excluded : member.Phase });
        }
    }

    private void Withdraw(string release)
    {
        bool isOwn = release == _plan.Release;
        if (isOwn && (Governs || State.Phase == RolloutPhase.Cancelled))
        {
            RollBack("the release was withdrawn");
        }
        State = State with { IsWithdrawn = State.IsWithdrawn || isOwn };
        for (int i = 0; i < _members.Count; i++)
        {
            Member member = _members.At(i);
            if (isOwn && (member.Phase is MemberPhase.Current or MemberPhase.Excluded))
            {
                SendBack(member);
            }
            else if (!isOwn && member.Previous == release)
            {
                Set(member with { Previous = null });
                if (member.Phase is MemberPhase.Restoring or MemberPhase.Restored or MemberPhase.Stuck)
                {
                    SendBack(_members.At(i));
                }
            }
        }
    }

    private void Cancel()
    {
        Enter(RolloutPhase.Cancelled, "cancelled by an operator");
        for (int i = 0; i < _members.Count; i++)
        {
            if (_members.At(i) is { Phase: MemberPhase.InFlight, RetryAt: not null } member)
            {
                Set(member with { Phase = MemberPhase.Failed, RetryAt = null });
            }
        }
    }

    private void Resume()

    {
        Enter(RolloutPhase.Running, null);
        for (int i = 0; i < _members.Count; i++)
        {
            Member member = _members.At(i);
            if (member.Phase == MemberPhase.Failed && member.Wave == State.Wave)
            {
                // Due at once: Advance asks it as soon as a window is open.
                Set(member with { Phase = MemberPhase.InFlight, Tries = 0, RetryAt = _time });
            }
        }
    }

    private void Enter(RolloutPhase phase, string? reason)
    {
        State = State with { Phase = phase, Reason = reason };
        _notes.Add(reason is null ? $"rollout {_plan.Id}: {Word(phase)}" : $"rollout {_plan.Id}: {Word(phase)}: {reason}");
    }

    private static string Word(RolloutPhase phase) => phase switch
    {
        RolloutPhase.RollingBack => "rolling back",
        _ => phase.ToString().ToLowerInvariant(),
    };

    private void Set(Member member)
    {
        _members.Set(member);
        _changed[member.Device] = member;
    }

    private void Settled() => State = State with { SettledAt = _time };
}
