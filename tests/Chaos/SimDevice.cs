using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;
using Edge.Foundation;

namespace Edge.Chaos;

/// <summary>A device as the agent behaves, seen from outside: it follows the newest desired state and reports every step.</summary>
internal sealed class SimDevice(string name)
{
    internal const string Factory = "factory";

    private string _before = Factory;
    private string? _rejected;
    private int _rejectedAttempt;
    private bool _hasRun;
    private string? _target;
    private int _attempt;
    private long _accepted;
    private UpdatePhase _phase;
    private int _badness;
    private int _faults;

    internal string Name { get; } = name;

    internal bool IsOnline { get; set; }

    internal string Running { get; private set; } = Factory;

    internal bool IsUnderWay => _phase is UpdatePhase.Downloading or UpdatePhase.Verifying or UpdatePhase.Staged or UpdatePhase.Trial;

    internal RolloutEvent.Reported Report => new(Name, Running, _target, _phase, _attempt, _phase is UpdatePhase.Failed or UpdatePhase.RolledBack ? "bad" : null);

    /// <summary>Makes a new device of it.</summary>
    /// <param name="running">What it runs.</param>
    /// <param name="badness">The chance that the release fails in one of two places, in 512.</param>
    /// <param name="faults">How often it fails at any other release.</param>
    internal void Reset(string running, int badness, int faults)
    {
        (_before, _rejected, _rejectedAttempt, _hasRun, _badness, _faults) = (Factory, null, 0, false, badness, faults);
        (Running, _target, _attempt, _accepted, _phase) = (running, null, 0, 0, UpdatePhase.Idle);
    }

    /// <summary>Takes a desired state; one that is not newer is refused.</summary>
    internal bool Receive(string? release, int attempt, long counter)
    {
        if (counter <= _accepted)
        {
            return false;
        }
        _accepted = counter;
        if (_phase == UpdatePhase.Trial)
        {
            Running = _before;
        }
        (_target, _attempt) = (release, attempt);
        if (release is null)
        {
            (Running, _phase, _attempt) = (Factory, UpdatePhase.Idle, 0);
        }
        else if (release == Running)
        {
            _phase = UpdatePhase.Committed;
        }
        else if (release == _rejected && attempt <= _rejectedAttempt)
        {
            _phase = _hasRun ? UpdatePhase.RolledBack : UpdatePhase.Failed;
        }
        else
        {
            _phase = UpdatePhase.Downloading;
        }
        return true;
    }

    /// <summary>One step of an update under way.</summary>
    internal void Step(ref SplitMix64 random, string release)
    {
        bool isBad = _target == release ? random.Below(512) < _badness : _target == "old" && _phase == UpdatePhase.Verifying && _faults-- > 0;
        switch (_phase)
        {
            case UpdatePhase.Downloading:
                _phase = UpdatePhase.Verifying;
                break;
            case UpdatePhase.Verifying when isBad:
                (_phase, _rejected, _rejectedAttempt, _hasRun) = (UpdatePhase.Failed, _target, _attempt, false);
                break;
            case UpdatePhase.Verifying:
                (_before, Running, _phase) = (Running, _target!, UpdatePhase.Trial);
                break;
            case UpdatePhase.Trial when isBad:
                GoBack();
                break;
            case UpdatePhase.Trial:
                _phase = UpdatePhase.Committed;
                break;
            default:
                break;
        }
    }

    /// <summary>The kept release crashes again and again: the device goes back by itself.</summary>
    internal void CrashLoop(string release)
    {
        if (_phase == UpdatePhase.Committed && Running == release && _before != release)
        {
            GoBack();
        }
    }

    private void GoBack()
    {
        (Running, _phase) = (_before, UpdatePhase.RolledBack);
        (_rejected, _rejectedAttempt, _hasRun) = (_target, _attempt, true);
    }
}
