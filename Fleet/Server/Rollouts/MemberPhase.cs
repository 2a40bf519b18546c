namespace Edge.Fleet.Rollouts;

/// <summary>Where one device of a rollout stands.</summary>
public enum MemberPhase
{
    /// <summary>Not yet asked for anything.</summary>
    Waiting,

    /// <summary>Asked to run the release, and not settled; it may be waiting for its next attempt.</summary>
    InFlight,

    /// <summary>Runs the release.</summary>
    Succeeded,

    /// <summary>Gave the release up after the last attempt, or has not answered in time.</summary>
    Failed,

    /// <summary>Asked to go back to the release before, and not there yet.</summary>
    Restoring,

    /// <summary>Runs the release before.</summary>
    Restored,

    /// <summary>Failed to go back, in every attempt.</summary>
    Stuck,

    /// <summary>Ran the release before this rollout came, and is none of its business.</summary>
    Current,

    /// <summary>Taken out by an operator before it was started.</summary>
    Excluded,

    /// <summary>Held on a release of an operator's choice.</summary>
    Pinned,

    /// <summary>No longer in the group, or governed by a newer rollout; it keeps what it has.</summary>
    Left,
}
