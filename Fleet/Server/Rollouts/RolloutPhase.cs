namespace Edge.Fleet.Rollouts;

/// <summary>Where a rollout stands.</summary>
public enum RolloutPhase
{
    /// <summary>Devices are updated, wave by wave.</summary>
    Running,

    /// <summary>No device is started, by an operator's will or because a gate is closed; devices that were started go on.</summary>
    Paused,

    /// <summary>Every device that was started goes back to the release before.</summary>
    RollingBack,

    /// <summary>Every gate was passed. Devices that appear later are updated at once.</summary>
    Completed,

    /// <summary>No reachable device is on its way back any more; those that come back later are sent back too.</summary>
    Aborted,

    /// <summary>Stopped by an operator: devices keep what they have.</summary>
    Cancelled,
}
