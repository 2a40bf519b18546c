namespace Edge.Fleet.Rollouts;

/// <summary>Something that a rollout has to know.</summary>
public abstract record RolloutEvent
{
    private RolloutEvent()
    {
    }

    /// <summary>Devices belong to the group: all that do when the rollout begins, and later whoever comes. Told again, it corrects what was said of one that is not started.</summary>
    /// <param name="Devices">The devices.</param>
    public sealed record Joined(IReadOnlyList<Candidate> Devices) : RolloutEvent;

    /// <summary>A device has left the group, or a newer rollout governs it: it keeps what it has.</summary>
    /// <param name="Device">The device.</param>
    public sealed record Left(string Device) : RolloutEvent;

    /// <summary>A device has come or gone, or fulfils what the release requires, or no longer.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="IsOnline">Whether it is connected.</param>
    /// <param name="IsBlocked">Whether it lacks what the release requires.</param>
    public sealed record Seen(string Device, bool IsOnline, bool IsBlocked) : RolloutEvent;

    /// <summary>A device says how it stands.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="Report">What it says.</param>
    public sealed record Reported(string Device, DeviceReport Report) : RolloutEvent;

    /// <summary>A device says how it does.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="IsNew">Whether with the rollout's release, or with another one.</param>
    /// <param name="Figures">How.</param>
    public sealed record Measured(string Device, bool IsNew, HealthFigures Figures) : RolloutEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Ticked : RolloutEvent;

    /// <summary>An operator pauses.</summary>
    public sealed record PauseOrdered : RolloutEvent;

    /// <summary>An operator resumes; devices of the open wave that had failed are tried again.</summary>
    public sealed record ResumeOrdered : RolloutEvent;

    /// <summary>An operator sends every device back.</summary>
    /// <param name="Reason">Why, in plain words.</param>
    public sealed record AbortOrdered(string Reason) : RolloutEvent;

    /// <summary>An operator stops; devices keep what they have.</summary>
    public sealed record CancelOrdered : RolloutEvent;

    /// <summary>An operator takes a device out: it goes back if it was started.</summary>
    /// <param name="Device">The device.</param>
    public sealed record Excluded(string Device) : RolloutEvent;

    /// <summary>An operator holds a device on a release.</summary>
    /// <param name="Device">The device.</param>
    /// <param name="Release">The release.</param>
    /// <param name="Attempt">Which attempt at it, from 1.</param>
    public sealed record Pinned(string Device, string Release, int Attempt) : RolloutEvent;

    /// <summary>A release must run nowhere any more.</summary>
    /// <param name="Release">The release.</param>
    public sealed record Withdrawn(string Release) : RolloutEvent;
}
