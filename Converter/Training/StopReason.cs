namespace Edge.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validation loss has not become better for as many epochs as was waited for.</summary>
    NoProgress,

    /// <summary>The time is up.</summary>
    TimeBudget,

    /// <summary>Somebody asked it to stop.</summary>
    Cancelled,
}
