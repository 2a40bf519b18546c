using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;
using Edge.Foundation;

namespace Edge.Fleet.Tests;

/// <summary>
/// One random life of a rollout: simulated devices, a network that loses, repeats and reorders, a server that dies between any
/// two steps, an operator who changes his mind. What must always hold is looked at after every step.
/// </summary>
internal sealed class RolloutHistory
{
    private const string New = "new";

    private readonly ulong _seed;
    private SplitMix64 _random;
    private readonly Device[] _devices;
    private readonly List<RolloutEvent.Reported> _network = [];
    private readonly RolloutPlan _plan;
    private Rollout _rollout;
    private double _now = 1000;
    private bool _wasAborted;

    internal RolloutHistory(ulong seed)
    {
        _seed = seed;
        _random = new SplitMix64(seed);
        _devices = new Device[1 + _random.Below(8)];
        for (int i = 0; i < _devices.Length; i++)
        {
            _devices[i] = new Device($"d{i}", _random.Below(12) == 0 ? New : $"old{_random.Below(2)}") { IsGood = _random.Below(6) > 0 };
        }
        _plan = new RolloutPlan { Id = "r", Package = "p", Manifest = New, Devices = "all", Waves = Waves(), Gate = Gate() };
        _rollout = new Rollout(_plan);
    }

    /// <summary>Lives it.</summary>
    /// <returns>What did not hold; null where everything did.</returns>
    internal string? Run()
    {
        int steps = 20 + _random.Below(60);
        for (int i = 0; i < steps; i++)
        {
            if (Step() is { } wrong)
            {
                return $"seed {_seed}, step {i}: {wrong}";
            }
        }
        return Settle() is { } end ? $"seed {_seed}, end: {end}" : null;
    }

    private string? Step()
    {
        Device device = _devices[_random.Below(_devices.Length)];
        switch (_random.Below(16))
        {
            case 0:
                if (!device.IsOut)
                {
                    return Apply(new RolloutEvent.Joined(device.Name, device.Running));
                }
                break;
            case 1 when _random.Below(4) == 0:
                device.IsOut = !device.IsOut;
                return Apply(device.IsOut ? new RolloutEvent.Left(device.Name) : new RolloutEvent.Joined(device.Name, device.Running));
            case 2 or 3 or 4:
                Ask(device);
                break;
            case 5 or 6:
                device.Work();
                break;
            case 7 or 8:
                _network.Add(device.Report());
                break;
            case 9 or 10 or 11 when _network.Count > 0:
                int which = _random.Below(_network.Count);
                RolloutEvent.Reported message = _network[which];
                int fate = _random.Below(8);
                if (fate != 0)
                {
                    _network.RemoveAt(which);
                }
                return fate == 1 ? null : Apply(message);
            case 12 when _random.Below(3) == 0:
                return Crash();
            case 13 when _random.Below(6) == 0:
                return Apply(_random.Below(6) switch
                {
                    0 => new RolloutEvent.Abort("an operator"),
                    1 => new RolloutEvent.Cancel(),
                    2 or 3 => new RolloutEvent.Pause("an operator"),
                    _ => new RolloutEvent.Resume(),
                });
            case 14 when _random.Below(3) == 0:
                double time = _random.NextDouble();
                return Apply(new RolloutEvent.Measured(device.Name, device.Running, new HealthSample(0.01, device.Running == New ? 1 + (time * 3) : 1, 0)));
            default:
                _now += _random.Below(20);
                return Apply(new RolloutEvent.Tick());
        }
        return null;
    }

    private string? Apply(RolloutEvent happened)
    {
        RolloutHeader before = _rollout.Header;
        bool open = GateByHand();
        int assignedBefore = _rollout.Assigned;
        _rollout.Apply(happened, _now);
        _rollout.TakeChanges();
        _rollout.TakeStory();
        return Check(before, open, assignedBefore);
    }

    /// <summary>What must hold, worked out anew from members and devices.</summary>
    private string? Check(RolloutHeader before, bool openBefore, int assignedBefore)
    {
        RolloutHeader header = _rollout.Header;
        int assigned = 0;
        int failed = 0;
        foreach (Member member in _rollout.Members)
        {
            assigned += member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed ? 1 : 0;
            failed += member.Stage == MemberStage.Failed ? 1 : 0;
        }
        if (assigned != _rollout.Assigned || failed != _rollout.Failed)
        {
            return "the counts are not those of the members";
        }
        if (assigned > header.Allowance)
        {
            return $"{assigned} devices were given the release, the wave allows {header.Allowance}";
        }
        if (header.Status == RolloutStatus.Running && header.Wave < _plan.Waves.Count - 1 && header.Allowance > Limits(header.Wave))
        {
            return $"the allowance {header.Allowance} is above what wave {header.Wave} may have";
        }
        if (header.Wave > before.Wave && (header.Wave != before.Wave + 1 || !(openBefore || GateWasPassable())))
        {
            return $"wave {header.Wave} opened through a closed gate";
        }
        if (before.Status is RolloutStatus.Paused or RolloutStatus.Cancelled && header.Status == before.Status && assigned > assignedBefore)
        {
            return $"a {before.Status} rollout gave the release to a device";
        }
        if (header.Status == RolloutStatus.Running && failed > 0 && failed > _plan.Gate.AbortRatio * assigned)
        {
            return $"{failed} of {assigned} failed and the rollout goes on";
        }
        if (header.Status is RolloutStatus.Aborting or RolloutStatus.Aborted && assigned > 0)
        {
            return "an aborted rollout still gives the release";
        }
        if (_wasAborted && header.Status is not (RolloutStatus.Aborting or RolloutStatus.Aborted))
        {
            return "an aborted rollout came back";
        }
        _wasAborted |= header.Status == RolloutStatus.Aborting;
        foreach (Device device in _devices)
        {
            if (device.Running == New && device.Original != New && _rollout.Find(device.Name) is not { Attempt: > 0 })
            {
                return $"{device.Name} runs the release and was never given it";
            }
            if (device.IsOut && _rollout.AssignmentOf(device.Name) is { IsReturn: false })
            {
                return $"{device.Name} is excluded and is given the release";
            }
        }
        return null;
    }

    /// <summary>The gate, worked out from the members without the engine's counts.</summary>
    private bool GateByHand()
    {
        int assigned = 0;
        int succeeded = 0;
        int waiting = 0;
        foreach (Member member in _rollout.Members)
        {
            assigned += member.Stage is MemberStage.Assigned or MemberStage.Succeeded or MemberStage.Failed ? 1 : 0;
            succeeded += member.Stage == MemberStage.Succeeded ? 1 : 0;
            waiting += member.Stage == MemberStage.Waiting ? 1 : 0;
        }
        return (assigned >= _rollout.Header.Allowance || waiting == 0)
            && succeeded >= _plan.Gate.SuccessRatio * assigned - 1e-6
            && (_plan.Gate.SoakSeconds == 0 || (_rollout.Header.SoakingSince is { } since && _now - since >= _plan.Gate.SoakSeconds));
    }

    // Without a soak the very event that makes a wave succeed opens the next one.
    private bool GateWasPassable() => _plan.Gate.SoakSeconds == 0;

    private int Limits(int wave)
    {
        int limit = 0;
        for (int i = 0; i <= wave; i++)
        {
            limit = Math.Max(limit, _plan.Waves[i].Limit(_devices.Length));
        }
        return limit;
    }

    private string? Crash()
    {
        // What was saved is all that is left; every message on its way to a device is gone.
        _rollout = new Rollout(_plan, _rollout.Header, _rollout.Members.Select(Copy).ToList());
        return Check(_rollout.Header, openBefore: true, _rollout.Assigned);
    }

    /// <summary>Once the world holds still everything ends where it should.</summary>
    private string? Settle()
    {
        _network.Clear();
        for (int round = 0; round < 12; round++)
        {
            foreach (Device device in _devices)
            {
                Ask(device);
                device.Work();
                device.Work();
                if (Apply(device.Report()) is { } wrong)
                {
                    return wrong;
                }
            }
            _now += 1000;
            if (Apply(new RolloutEvent.Tick()) is { } late)
            {
                return late;
            }
        }
        if (_rollout.Header.Status is RolloutStatus.Aborting or RolloutStatus.Aborted)
        {
            foreach (Device device in _devices)
            {
                if (device.Running != device.Original)
                {
                    return $"the rollout was aborted and {device.Name} runs {device.Running}, not {device.Original}";
                }
            }
            return _rollout.Header.Status == RolloutStatus.Aborted ? null : "every device is back and the rollout is still aborting";
        }
        foreach (Device device in _devices)
        {
            if (device.IsOut && device.Running != device.Original)
            {
                return $"{device.Name} was excluded and runs {device.Running}, not {device.Original}";
            }
            if (_rollout.Header.Status == RolloutStatus.Completed && !device.IsOut && device.IsGood && _rollout.Find(device.Name) is not null && device.Running != New)
            {
                return $"the rollout is complete and {device.Name}, which is in it, runs {device.Running}";
            }
        }
        return null;
    }

    private void Ask(Device device)
    {
        if (_rollout.AssignmentOf(device.Name) is { } assignment)
        {
            device.Asked(assignment.Manifest!, assignment.Attempt);
        }
    }

    private IReadOnlyList<WaveSpec> Waves()
    {
        var waves = new List<WaveSpec>();
        for (int i = _random.Below(4); i > 0; i--)
        {
            waves.Add(_random.Below(2) == 0 ? new WaveSpec { Count = 1 + _random.Below(4) } : new WaveSpec { Percent = 1 + _random.Below(99) });
        }
        waves.Add(new WaveSpec { Percent = 100 });
        return waves;
    }

    private GateSpec Gate() => new()
    {
        SuccessRatio = _random.Below(3) == 0 ? 1 : _random.NextDouble(),
        SoakSeconds = _random.Below(2) * _random.Below(40),
        AbortRatio = _random.Below(3) == 0 ? 0 : _random.NextDouble(),
        MaximumLatencyRatio = _random.Below(2) == 0 ? null : 2,
        Retries = _random.Below(3),
        TimeoutSeconds = _random.Below(3) == 0 ? 50 : 0,
    };

    private static Member Copy(Member member) => new()
    {
        Device = member.Device,
        Stage = member.Stage,
        Wave = member.Wave,
        Attempt = member.Attempt,
        FirstAttempt = member.FirstAttempt,
        Running = member.Running,
        Previous = member.Previous,
        AssignedAt = member.AssignedAt,
        Before = member.Before,
        After = member.After,
        Error = member.Error,
    };

    /// <summary>A device as far as a rollout can see it.</summary>
    private sealed class Device(string name, string running)
    {
        private int _failedAttempt;
        private UpdatePhase _phase;
        private string? _target;
        private int _attempt;

        internal string Name { get; } = name;

        internal string Original { get; } = running;

        internal string Running { get; private set; } = running;

        internal bool IsGood { get; init; }

        internal bool IsOut { get; set; }

        internal void Asked(string manifest, int attempt)
        {
            if (_target == manifest && _attempt == attempt)
            {
                return;
            }
            (_target, _attempt) = (manifest, attempt);
            _phase = manifest == Running ? UpdatePhase.Committed
                : manifest == New && attempt <= _failedAttempt ? UpdatePhase.RolledBack
                : UpdatePhase.Downloading;
        }

        internal void Work()
        {
            if (_phase == UpdatePhase.Downloading)
            {
                _phase = UpdatePhase.Trial;
            }
            else if (_phase == UpdatePhase.Trial && _target == New && !IsGood)
            {
                (_phase, _failedAttempt) = (UpdatePhase.RolledBack, _attempt);
            }
            else if (_phase == UpdatePhase.Trial)
            {
                (_phase, Running) = (UpdatePhase.Committed, _target!);
            }
        }

        internal RolloutEvent.Reported Report() => new(Name, Running, _target, _phase, _attempt, null);
    }
}
