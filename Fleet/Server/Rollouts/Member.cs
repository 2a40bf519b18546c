namespace Edge.Fleet.Rollouts;

/// <summary>One device of a rollout: what is stored of it whenever it changes.</summary>
public sealed record Member
{
    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>Where it stands.</summary>
    public MemberPhase Phase { get; init; }

    /// <summary>Whether it is connected.</summary>
    public bool IsOnline { get; init; }

    /// <summary>Whether it lacks what the release requires.</summary>
    public bool IsBlocked { get; init; }

    /// <summary>The release to go back to; null stands for what the device was delivered with.</summary>
    public string? Previous { get; init; }

    /// <summary>The last attempt at <see cref="Previous"/> that the device was told of, from 1.</summary>
    public int PreviousAttempt { get; init; } = 1;

    /// <summary>The last attempt at the rollout's release that the device was told of; 0 where it was never told.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts since it was started or sent back.</summary>
    public int Tries { get; init; }

    /// <summary>The wave in which it was started.</summary>
    public int Wave { get; init; }

    /// <summary>The event that asked it last: reports that answer an earlier one say nothing.</summary>
    public long Issued { get; init; }

    /// <summary>When it was asked last.</summary>
    public DateTimeOffset AskedAt { get; init; }

    /// <summary>When it is asked again; null where it is not.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether its failure is silence: a late answer is still believed.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Whether an operator took it out.</summary>
    public bool IsExcluded { get; init; }

    /// <summary>How it did with the release before; null where unknown.</summary>
    public HealthFigures? Before { get; init; }

    /// <summary>How it does with the rollout's release; null where unknown.</summary>
    public HealthFigures? After { get; init; }

    /// <summary>Why its last attempt failed, in plain words; null where none did.</summary>
    public string? Error { get; init; }

    /// <summary>Whether the device is counted when waves are measured.</summary>
    internal bool IsEligible => Phase is MemberPhase.Waiting || IsStarted;

    /// <summary>Whether it has been asked to run the release, and not to go back.</summary>
    internal bool IsStarted => Phase is MemberPhase.InFlight or MemberPhase.Succeeded or MemberPhase.Failed;
}
