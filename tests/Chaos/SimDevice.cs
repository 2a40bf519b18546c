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
    private int _restoreFaults;

    internal string Name { get; } = name;

    internal bool IsOnline { get; set; }

    internal bool IsKnownOnline { get; set; }

    internal string Running { get; private set; } = Factory;

    internal string? Target { get; private set; }

    internal int Attempt { get; private set; }

    internal long Accepted { get; private set; }

    internal UpdatePhase Phase { get; private set; }

    internal bool IsUnderWay => Phase is UpdatePhase.Downloading or UpdatePhase.Verifying or UpdatePhase.Staged or UpdatePhase.Trial;

    /// <summary>Chance in 256 that an attempt at a release fails on this device.</summary>
    internal int Badness { get; set; }

    internal DeviceReport Report => new(Accepted, Running == Factory ? null : Running, Target, Attempt, Phase, Phase is UpdatePhase.Failed or UpdatePhase.RolledBack ? "bad" : null);

    internal void Reset(string running, int badness, int restoreFaults)
    {
        (_before, _rejected, _rejectedAttempt, _restoreFaults) = (Factory, null, 0, restoreFaults);
        (Running, Target, Attempt, Accepted, Phase) = (running, running == Factory ? null : running, 1, 0, running == Factory ? UpdatePhase.Idle : UpdatePhase.Committed);
        Badness = badness;
    }

    /// <summary>Takes a desired state; one that is not newer is refused.</summary>
    internal bool Receive(Assignment assignment, long counter)
    {
        if (counter <= Accepted)
        {
            return false;
        }
        Accepted = counter;
        if (Phase == UpdatePhase.Trial)
        {
            Running = _before;
        }
        if (assignment.Release is null)
        {
            (Running, Target, Attempt, Phase) = (Factory, null, 0, UpdatePhase.Idle);
        }
        else if (assignment.Release == Running)
        {
            (Target, Attempt, Phase) = (assignment.Release, assignment.Attempt, UpdatePhase.Committed);
        }
        else if (assignment.Release == _rejected && assignment.Attempt <= _rejectedAttempt)
        {
            (Target, Attempt, Phase) = (assignment.Release, assignment.Attempt, UpdatePhase.Failed);
        }
        else
        {
            (Target, Attempt, Phase) = (assignment.Release, assignment.Attempt, UpdatePhase.Downloading);
        }
        return true;
    }

    /// <summary>One step of an update under way.</summary>
    internal void Step(ref SplitMix64 random, string release)
    {
        switch (Phase)
        {
            case UpdatePhase.Downloading:
                Phase = UpdatePhase.Verifying;
                break;
            case UpdatePhase.Verifying:
                bool isRefused = Target == release ? random.Below(512) < Badness : Target == "old" && _restoreFaults-- > 0;
                Phase = isRefused ? UpdatePhase.Failed : UpdatePhase.Trial;
                if (isRefused)
                {
                    Reject();
                }
                else
                {
                    (_before, Running) = (Running, Target!);
                }
                break;
            case UpdatePhase.Trial:
                if (Target == release && random.Below(512) < Badness)
                {
                    GoBack();
                }
                else
                {
                    Phase = UpdatePhase.Committed;
                }
                break;
            default:
                break;
        }
    }

    /// <summary>The kept release crashes again and again: the device goes back by itself.</summary>
    internal void CrashLoop(string release)
    {
        if (Phase == UpdatePhase.Committed && Running == release && _before != release)
        {
            GoBack();
        }
    }

    private void GoBack()
    {
        Running = _before;
        Phase = UpdatePhase.RolledBack;
        Reject();
    }

    private void Reject() => (_rejected, _rejectedAttempt) = (Target, Attempt);
}
