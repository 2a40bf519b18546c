namespace Edge.Inference;

/// <summary>Where a track is in its life.</summary>
public enum TrackState
{
    /// <summary>Seen once; it gets its number when it is seen again.</summary>
    Tentative,

    /// <summary>Seen in this frame.</summary>
    Tracked,

    /// <summary>Not seen in this frame, perhaps hidden; its box is a prediction.</summary>
    Lost,

    /// <summary>Not seen for too long, or merged into another track; it is given out once in this state, then forgotten.</summary>
    Ended,
}
