namespace Edge.Inference;

/// <summary>What happened to a tracked object.</summary>
public enum SceneEventKind
{
    /// <summary>It was seen for the first time.</summary>
    Start,

    /// <summary>It goes on; told at intervals.</summary>
    Update,

    /// <summary>It is gone.</summary>
    End,

    /// <summary>It entered a zone.</summary>
    ZoneEnter,

    /// <summary>It left a zone, or ended inside.</summary>
    ZoneLeave,

    /// <summary>It has been in a zone for longer than is usual.</summary>
    Loiter,

    /// <summary>It crossed a line.</summary>
    LineCross,

    /// <summary>It stopped moving.</summary>
    Stationary,

    /// <summary>It moves again after it was stationary.</summary>
    Moving,
}
