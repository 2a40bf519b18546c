using Edge.Fleet;
using Edge.Fleet.Rollouts;
using Edge.Foundation;

namespace Edge.Chaos;

/// <summary>
/// One random history of a rollout: devices that follow, fail, die and return; a broker that loses, repeats and reorders; a server
/// that crashes before it has stored a step, after it, and between two messages. Used again for the next history.
/// </summary>
internal sealed partial class History
{
    internal const string Release = "new";
    private const string Old = "old";
    private const string Pin = "pin";
    private const int MaximumDevices = 8;

    private static readonly DateTimeOffset Epoch = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly RolloutEvent Tick = new RolloutEvent.Ticked();

    private readonly SimDevice[] _devices = [.. Enumerable.Range(0, MaximumDevices).Select(i => new SimDevice($"d{i}"))];
    private readonly List<(RolloutEvent Event, DateTimeOffset Time, long Sequence)> _recorded = [];
    private readonly List<(int Device, DeviceReport Report)> _channel = [];

    // What the server has stored.
    private readonly Member?[] _rows = new Member?[MaximumDevices];
    private readonly Assignment?[] _desired = new Assignment?[MaximumDevices];
    private readonly long[] _counter = new long[MaximumDevices];
    private readonly long[] _published = new long[MaximumDevices];
    private readonly int[] _newAttempts = new int[MaximumDevices];
    private readonly int[] _oldAttempts = new int[MaximumDevices];
    private readonly int[] _pinAttempts = new int[MaximumDevices];
    private readonly string?[] _lastRunning = new string?[MaximumDevices];
    private readonly bool[] _excluded = new bool[MaximumDevices];
    private readonly bool[] _pinned = new bool[MaximumDevices];
    private readonly bool[] _inGroup = new bool[MaximumDevices];
    private readonly bool[] _joined = new bool[MaximumDevices];
    private RolloutState _state = new();
    private long _sequence;
    private bool _oldWithdrawn;
    private bool _newWithdrawn;

    // What the broker keeps.
    private readonly (Assignment Assignment, long Counter)?[] _retained = new (Assignment, long)?[MaximumDevices];

    private SplitMix64 _random;
    private Flaw _flaw;
    private RolloutPlan _plan = null!;
    private RolloutPlan _enginePlan = null!;
    private Rollout _engine = null!;
    private RolloutState _initial = null!;
    private DateTimeOffset _time;
    private int _count;
    private string? _failure;
    private int _forgotten;

    internal long Events { get; private set; }

    internal long Crashes { get; private set; }

    internal RolloutPhase End => _state.Phase;

    /// <summary>Plays a history.</summary>
    /// <param name="seed">What decides it.</param>
    /// <param name="flaw">What is broken.</param>
    /// <param name="replay">Whether to play its events again on an engine that never crashes, and compare.</param>
    /// <returns>The invariant that did not hold; null where all did.</returns>
    internal string? Play(ulong seed, Flaw flaw, bool replay)
    {
        _random = new SplitMix64(seed);
        _flaw = flaw;
        _plan = Plans.Random(ref _random);
        _enginePlan = Plans.Broken(_plan, flaw);
        if (!_enginePlan.IsSigned)
        {
            return IsRefused() ? null : "a rollout of an unsigned release was accepted";
        }
        Begin();
        int steps = 30 + _random.Below(60);
        for (int i = 0; i < steps && _failure is null; i++)
        {
            Act();
        }
        if (_failure is null)
        {
            Quiesce();
        }
        if (_failure is null)
        {
            CheckEnd();
        }
        if (_failure is not null && Environment.GetEnvironmentVariable("CHAOS_DUMP") == _failure)
        {
            Console.WriteLine(_plan); Console.WriteLine(_state); for (int i = 0; i < _count; i++) { Console.WriteLine(_rows[i]); Console.WriteLine(_devices[i].Report + " online " + _devices[i].IsOnline + " pinned " + _pinned[i] + " excl " + _excluded[i] + " group " + _inGroup[i] + " " + _desired[i] + _counter[i]); }
            foreach (var r in _recorded) { Console.WriteLine(r); }
            Environment.Exit(0);
        }
        if (_failure is null && replay)
        {
            CheckReplay();
        }
        return _failure;
    }

    private bool IsRefused()
    {
        try
        {
            _ = new Rollout(_enginePlan, new RolloutState(), []);
            return false;
        }
        catch (FleetException)
        {
            return true;
        }
    }

    private void Begin()
    {
        _count = 1 + _random.Below(MaximumDevices);
        _time = Epoch.AddMinutes(_random.Below(1440));
        _failure = null;
        _forgotten = 0;
        _sequence = 0;
        _oldWithdrawn = _newWithdrawn = false;
        _channel.Clear();
        _recorded.Clear();
        int badness = _random.Below(4) switch { 0 => 256, 1 => 60, 2 => 20, _ => 0 };
        for (int i = 0; i < _count; i++)
        {
            bool isManaged = _random.Below(2) == 0;
            bool hasNew = _random.Below(16) == 0;
            int faults = _plan.Retry.Attempts >= 2 && _random.Below(8) == 0 ? 1 : 0;
            _devices[i].Reset(hasNew ? Release : isManaged ? Old : SimDevice.Factory, badness, faults);
            _devices[i].IsOnline = _devices[i].IsKnownOnline = _random.Below(8) > 0;
            _desired[i] = isManaged ? new Assignment($"d{i}", Old, 1, false) : null;
            (_rows[i], _counter[i], _published[i], _newAttempts[i], _oldAttempts[i], _pinAttempts[i]) = (null, 0, 0, 0, 1, 0);
            (_excluded[i], _pinned[i], _joined[i], _retained[i]) = (_random.Below(16) == 0, false, false, null);
            _inGroup[i] = _random.Below(4) > 0;
            _lastRunning[i] = _random.Below(2) == 0 ? _devices[i].Report.Running : null;
        }
        _initial = _state = new RolloutState { SettledAt = _time };
        _engine = new Rollout(_enginePlan, _state, []);
        var first = new List<Candidate>();
        for (int i = 0; i < _count; i++)
        {
            if (_inGroup[i])
            {
                first.Add(CandidateOf(i));
                _joined[i] = true;
            }
        }
        Take(new RolloutEvent.Joined(first), mayCrash: false);
    }

    private Candidate CandidateOf(int i)
    {
        string? assigned = _desired[i]?.Release;
        string? previous = assigned == Release || (assigned == Old && _oldWithdrawn) ? null : assigned;
        int attempts = previous switch { Old => _oldAttempts[i], Pin => _pinAttempts[i], _ => 1 };
        return new Candidate(
            $"d{i}", _devices[i].IsKnownOnline, false, _excluded[i] && _flaw != Flaw.IgnoresExclusions, _pinned[i] && _flaw != Flaw.IgnoresPins,
            _lastRunning[i], previous, attempts, _newAttempts[i]);
    }

    /// <summary>The server takes an event in: computes, stores, publishes, and may crash in between.</summary>
    private void Take(RolloutEvent e, bool mayCrash = true)
    {
        Events++;
        _sequence++;
        RolloutStep step = _engine.Apply(e, _time, _sequence);
        if (mayCrash && _random.Below(128) == 0)
        {
            Restart();
            return;
        }
        _recorded.Add((e, _time, _sequence));
        CheckStep(e, step);
        Store(step);
        CheckStored(e);
        if (mayCrash && step.Assignments.Count > 0 && _random.Below(16) == 0)
        {
            // Some of what this step says gets out, the rest does not.
            Publish(_random.Below(2) == 0 ? 0 : 1);
            Restart();
        }
        else
        {
            Publish(MaximumDevices);
        }
    }

    private void Store(in RolloutStep step)
    {
        foreach (Member member in step.Changed)
        {
            if (_flaw != Flaw.ForgetsRows || ++_forgotten % 8 != 0)
            {
                _rows[IndexOf(member.Device)] = member;
            }
        }
        _state = step.State;
        bool isLost = _flaw == Flaw.LosesRestores;
        foreach (Assignment assignment in step.Assignments)
        {
            int i = IndexOf(assignment.Device);
            if (isLost && assignment.AllowDowngrade)
            {
                isLost = false;
                continue;
            }
            Assign(i, assignment);
        }
    }

    private void Assign(int i, Assignment assignment)
    {
        _desired[i] = assignment;
        _counter[i] = _sequence;
        switch (assignment.Release)
        {
            case Release:
                _newAttempts[i] = Math.Max(_newAttempts[i], assignment.Attempt);
                break;
            case Old:
                _oldAttempts[i] = Math.Max(_oldAttempts[i], assignment.Attempt);
                break;
            default:
                break;
        }
    }

    private void Publish(int most)
    {
        for (int i = 0; i < _count && most > 0; i++)
        {
            if (_published[i] < _counter[i])
            {
                _retained[i] = (_desired[i]!, _counter[i]);
                _published[i] = _counter[i];
                most--;
            }
        }
    }

    /// <summary>The server dies; a new one reads what was stored, and gets what the broker keeps.</summary>
    private void Restart()
    {
        Crashes++;
        _engine = new Rollout(_enginePlan, _state, _rows.Take(_count).OfType<Member>());
        if (_flaw == Flaw.NoOutbox)
        {
            _counter.CopyTo(_published, 0);
        }
        Publish(MaximumDevices);
        for (int i = 0; i < _count; i++)
        {
            _channel.Add((i, _devices[i].Report));
            Notice(i);
        }
    }

    private void Notice(int i)
    {
        if (_devices[i].IsKnownOnline != _devices[i].IsOnline)
        {
            _devices[i].IsKnownOnline = _devices[i].IsOnline;
            if (_joined[i])
            {
                Take(new RolloutEvent.Seen(_devices[i].Name, _devices[i].IsOnline, false), mayCrash: false);
            }
        }
    }

    private void CheckReplay()
    {
        var twin = new Rollout(_enginePlan, _initial, []);
        foreach ((RolloutEvent e, DateTimeOffset time, long sequence) in _recorded)
        {
            twin.Apply(e, time, sequence);
        }
        Require(twin.State == _state, "the same events ended in another state of the rollout");
        for (int i = 0; i < _count; i++)
        {
            Require(twin.Find(_devices[i].Name) == _rows[i], "the same events ended in another state of a device");
        }
    }

    private static int IndexOf(string device) => device[1] - '0';

    private void Require(bool condition, string invariant)
    {
        if (!condition)
        {
            _failure ??= invariant;
        }
    }
}
