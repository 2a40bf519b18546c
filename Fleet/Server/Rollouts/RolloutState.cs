namespace Edge.Fleet.Rollouts;

/// <summary>A rollout apart from its devices: what is stored of it after every event.</summary>
public sealed record RolloutState
{
    /// <summary>Where it stands.</summary>
    public RolloutPhase Phase { get; init; }

    /// <summary>The open wave, from 0.</summary>
    public int Wave { get; init; }

    /// <summary>When the open wave began, or a device of the rollout last settled, whichever came later: the soak counts from here.</summary>
    public DateTimeOffset SettledAt { get; init; }

    /// <summary>Whether its release must run nowhere any more.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>Why it is paused, rolls back or was aborted, in plain words; null where neither.</summary>
    public string? Reason { get; init; }
}
