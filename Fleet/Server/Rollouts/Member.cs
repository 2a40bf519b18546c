namespace Edge.Fleet.Rollouts;

/// <summary>A device of a rollout. Changed by its <see cref="Rollout"/> only.</summary>
public sealed class Member
{
    /// <summary>The device's name.</summary>
    public required string Device { get; init; }

    /// <summary>How it stands.</summary>
    public MemberStage Stage { get; set; }

    /// <summary>The wave in which it was given the release, from 0; −1 before.</summary>
    public int Wave { get; set; } = -1;

    /// <summary>Its attempt at the release, from 1; 0 before it was given it.</summary>
    public int Attempt { get; set; }

    /// <summary>The attempt with which its turn began: later ones are retries.</summary>
    public int FirstAttempt { get; set; }

    /// <summary>The manifest that it ran when it was last heard of.</summary>
    public string? Running { get; set; }

    /// <summary>The manifest that it goes back to: what it ran when it was given the release.</summary>
    public string? Previous { get; set; }

    /// <summary>When it was given the release, in seconds since 1970.</summary>
    public double AssignedAt { get; set; }

    /// <summary>When it is asked again, in seconds since 1970; null where it is not.</summary>
    public double? RetryAt { get; set; }

    /// <summary>How often it has failed to go back.</summary>
    public int Returns { get; set; }

    /// <summary>Whether it is connected: one that is not has to wait for its turn.</summary>
    public bool IsOnline { get; set; } = true;

    /// <summary>Whether its failure is silence: a late answer is still believed.</summary>
    public bool IsSilent { get; set; }

    /// <summary>How well it did with what it ran before.</summary>
    public HealthSample? Before { get; set; }

    /// <summary>How well it does with the release.</summary>
    public HealthSample? After { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; set; }

    /// <summary>Its place in the order in which members joined, from 0.</summary>
    internal int Position { get; set; }

    /// <summary>Whether it was ever given the release.</summary>
    internal bool WasAssigned => Attempt > 0;
}
