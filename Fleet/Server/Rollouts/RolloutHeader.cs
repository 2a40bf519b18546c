namespace Edge.Fleet.Rollouts;

/// <summary>What is kept of a rollout beside its members.</summary>
public sealed record RolloutHeader
{
    /// <summary>How it stands.</summary>
    public RolloutStatus Status { get; set; }

    /// <summary>The wave that is open, from 0.</summary>
    public int Wave { get; set; }

    /// <summary>How many devices may have been given the release so far.</summary>
    public int Allowance { get; set; }

    /// <summary>Since when the open wave shows what it must, in seconds since 1970; null where it does not.</summary>
    public double? SoakingSince { get; set; }

    /// <summary>Why it was ended, or paused.</summary>
    public string? Reason { get; set; }
}
