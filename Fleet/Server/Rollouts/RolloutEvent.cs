using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <summary>Something that happens to a rollout.</summary>
public abstract record RolloutEvent
{
    private RolloutEvent()
    {
    }

    /// <summary>A device belongs to the group.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="Running">The manifest that it runs; null where that is not known.</param>
    /// <param name="IsOnline">Whether it is connected.</param>
    public sealed record Joined(string Device, string? Running, bool IsOnline = true) : RolloutEvent;

    /// <summary>A device has come or gone.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="IsOnline">Whether it is connected.</param>
    public sealed record Seen(string Device, bool IsOnline) : RolloutEvent;

    /// <summary>A device belongs to it no more: excluded, pinned, or its tags have changed.</summary>
    /// <param name="Device">Its name.</param>
    public sealed record Left(string Device) : RolloutEvent;

    /// <summary>A device says how it stands.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="Running">The manifest that it runs.</param>
    /// <param name="Target">The manifest that the phase is about.</param>
    /// <param name="Phase">How far it is.</param>
    /// <param name="Attempt">Which attempt it is.</param>
    /// <param name="Error">Why it failed.</param>
    public sealed record Reported(string Device, string? Running, string? Target, UpdatePhase Phase, int Attempt, string? Error) : RolloutEvent;

    /// <summary>A device says how well it does.</summary>
    /// <param name="Device">Its name.</param>
    /// <param name="Running">The manifest that it ran meanwhile.</param>
    /// <param name="Sample">How well.</param>
    public sealed record Measured(string Device, string? Running, HealthSample Sample) : RolloutEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : RolloutEvent;

    /// <summary>No further device is to be given the release.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Pause(string Reason) : RolloutEvent;

    /// <summary>A paused rollout goes on.</summary>
    public sealed record Resume : RolloutEvent;

    /// <summary>The release is to be taken back.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Abort(string Reason) : RolloutEvent;

    /// <summary>The rollout is to end as it is.</summary>
    public sealed record Cancel : RolloutEvent;
}
