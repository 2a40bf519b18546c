namespace Edge.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The time is up.</summary>
    TimeBudget,

    /// <summary>Somebody asked it to stop.</summary>
    Cancelled,
}
