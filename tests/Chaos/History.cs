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

    /// <summary>Monday, 5 January 2026, 0:00 UTC.</summary>
    private const double Epoch = 1767571200;

    private static readonly RolloutEvent Tick = new RolloutEvent.Tick();

    private readonly SimDevice[] _devices = [.. Enumerable.Range(0, MaximumDevices).Select(i => new SimDevice($"d{i}"))];
    private readonly List<(RolloutEvent Event, double Time)> _recorded = [];
    private readonly List<(int Device, RolloutEvent.Reported Report)> _channel = [];

    // What the server has stored.
    private readonly Member?[] _rows = new Member?[MaximumDevices];
    private readonly (string? Manifest, int Attempt)?[] _desired = new (string?, int)?[MaximumDevices];
    private readonly long[] _counter = new long[MaximumDevices];
    private readonly long[] _published = new long[MaximumDevices];
    private readonly string?[] _lastRunning = new string?[MaximumDevices];
    private readonly bool[] _isOut = new bool[MaximumDevices];
    private readonly bool[] _isPinned = new bool[MaximumDevices];
    private readonly bool[] _hasJoined = new bool[MaximumDevices];
    private readonly bool[] _isSeenOnline = new bool[MaximumDevices];
    private readonly List<int> _positions = [];
    private RolloutHeader _header = new();
    private int _pins;

    // What the broker keeps.
    private readonly (string? Manifest, int Attempt, long Counter)?[] _retained = new (string?, int, long)?[MaximumDevices];

    private SplitMix64 _random;
    private Flaw _flaw;
    private RolloutPlan _plan = null!;
    private RolloutPlan _enginePlan = null!;
    private Rollout _engine = null!;
    private double _now;
    private int _count;
    private int _forgotten;
    private bool _hasLost;
    private string? _failure;

    internal long Events { get; private set; }

    internal long Crashes { get; private set; }

    internal RolloutStatus End => _header.Status;

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
        if (_failure is null && replay)
        {
            CheckReplay();
        }
        return _failure;
    }

    private void Begin()
    {
        _count = 1 + _random.Below(MaximumDevices);
        _now = Epoch + (60 * _random.Below(1440));
        (_failure, _forgotten, _hasLost, _pins, _gateSince) = (null, 0, false, 0, null);
        _channel.Clear();
        _recorded.Clear();
        _positions.Clear();
        int badness = _random.Below(4) switch { 0 => 256, 1 => 60, 2 => 20, _ => 0 };
        for (int i = 0; i < _count; i++)
        {
            _devices[i].Reset(_random.Below(16) == 0 ? Release : _random.Below(2) == 0 ? Old : SimDevice.Factory, badness, _random.Below(8) == 0 ? 1 + _random.Below(3) : 0);
            _devices[i].IsOnline = _random.Below(8) > 0;
            (_rows[i], _desired[i], _counter[i], _published[i], _retained[i]) = (null, null, 0, 0, null);
            (_isOut[i], _isPinned[i], _hasJoined[i]) = (_random.Below(16) == 0, false, false);
            _lastRunning[i] = _devices[i].Running;
            _isSeenOnline[i] = _devices[i].IsOnline;
        }
        _header = new RolloutHeader();
        _engine = new Rollout(_enginePlan);
        for (int i = 0; i < _count; i++)
        {
            if (!_isOut[i] && _random.Below(4) > 0)
            {
                Join(i);
            }
        }
        Take(Tick, mayCrash: false);
    }

    private void Join(int i)
    {
        _hasJoined[i] = true;
        Take(new RolloutEvent.Joined(_devices[i].Name, _lastRunning[i], _isSeenOnline[i]), mayCrash: false);
        if (_random.Below(2) == 0)
        {
            Measure(i);
        }
    }

    /// <summary>The server takes an event in: computes, stores, publishes, and may crash in between.</summary>
    private void Take(RolloutEvent e, bool mayCrash = true)
    {
        Events++;
        RolloutHeader before = _header;
        _engine.Apply(e, _now);
        IReadOnlyList<Member> changes = _engine.TakeChanges();
        _engine.TakeStory();
        if (mayCrash && _random.Below(128) == 0)
        {
            Restart();
            return;
        }
        _recorded.Add((e, _now));
        CheckStep(e, before, changes);
        foreach (Member member in changes)
        {
            int i = IndexOf(member.Device);
            if (!_positions.Contains(i))
            {
                _positions.Add(i);
            }
            if (_flaw != Flaw.ForgetsRows || ++_forgotten % 8 != 0)
            {
                _rows[i] = Copy(member);
            }
        }
        _header = _engine.Header;
        if (before.Status != _header.Status)
        {
            for (int i = 0; i < _count; i++)
            {
                Renew(i);
            }
        }
        foreach (Member member in changes)
        {
            Renew(IndexOf(member.Device));
        }
        CheckStored(e);
        bool isCrash = mayCrash && _random.Below(changes.Count > 0 ? 16 : 128) == 0;
        Publish(isCrash ? _random.Below(2) : MaximumDevices);
        if (isCrash)
        {
            Restart();
        }
    }

    /// <summary>What the device is to be told, where that has changed: stored with the step.</summary>
    private void Renew(int i)
    {
        (string? Manifest, int Attempt)? wish = _isPinned[i] ? (Pin, _pins) : null;
        if (wish is null && _engine.AssignmentOf(_devices[i].Name) is { } assignment)
        {
            wish = (assignment.Manifest, assignment.Attempt);
            if (_flaw == Flaw.LosesReturns && assignment.IsReturn && !_hasLost)
            {
                _hasLost = true;
                return;
            }
        }
        if (wish is not null && wish != _desired[i])
        {
            _desired[i] = wish;
            _counter[i]++;
        }
    }

    private void Publish(int most)
    {
        for (int i = 0; i < _count && most > 0; i++)
        {
            if (_published[i] < _counter[i])
            {
                _retained[i] = (_desired[i]!.Value.Manifest, _desired[i]!.Value.Attempt, _counter[i]);
                _published[i] = _counter[i];
                most--;
            }
        }
    }

    /// <summary>The server dies; a new one reads what was stored, and gets what the broker keeps.</summary>
    private void Restart()
    {
        Crashes++;
        _engine = new Rollout(_enginePlan, _header, _positions.Where(i => _rows[i] is not null).Select(i => Copy(_rows[i]!)));
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

    /// <summary>The broker tells of a device that has come or gone.</summary>
    private void Notice(int i)
    {
        if (_isSeenOnline[i] != _devices[i].IsOnline)
        {
            _isSeenOnline[i] = _devices[i].IsOnline;
            Take(new RolloutEvent.Seen(_devices[i].Name, _isSeenOnline[i]), mayCrash: false);
        }
    }

    private void CheckReplay()
    {
        var twin = new Rollout(_enginePlan);
        foreach ((RolloutEvent e, double time) in _recorded)
        {
            twin.Apply(e, time);
        }
        Require(twin.Header == _header, "the same events ended in another state of the rollout");
        for (int i = 0; i < _count; i++)
        {
            Require(IsSame(twin.Find(_devices[i].Name), _rows[i]), "the same events ended in another state of a device");
        }
    }

    private static bool IsSame(Member? a, Member? b) => a is null || b is null
        ? a == b
        : a.Stage == b.Stage && a.Wave == b.Wave && a.Attempt == b.Attempt && a.FirstAttempt == b.FirstAttempt && a.Running == b.Running && a.Previous == b.Previous
            && a.AssignedAt == b.AssignedAt && a.RetryAt == b.RetryAt && a.Returns == b.Returns && a.IsOnline == b.IsOnline && a.IsSilent == b.IsSilent && a.Before == b.Before && a.After == b.After && a.Error == b.Error;

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
        RetryAt = member.RetryAt,
        Returns = member.Returns,
        IsOnline = member.IsOnline,
        IsSilent = member.IsSilent,
        Before = member.Before,
        After = member.After,
        Error = member.Error,
    };

    private static int IndexOf(string device) => device[1] - '0';

    private void Require(bool condition, string invariant)
    {
        if (!condition)
        {
            _failure ??= invariant;
        }
    }
}
