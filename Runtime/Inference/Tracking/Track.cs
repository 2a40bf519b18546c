namespace Edge.Inference;

/// <summary>One object over time. It belongs to its <see cref="ByteTracker"/> and changes with each frame; copy what must last.</summary>
public sealed class Track
{
    private KalmanBox _motion;

    /// <summary>The number of the object: 1, 2, 3… in the order in which they were confirmed; 0 while tentative.</summary>
    public long Id { get; internal set; }

    /// <summary>The object's class.</summary>
    public int Class { get; private set; }

    /// <summary>The score of its last detection.</summary>
    public float Score { get; private set; }

    /// <summary>Where it is in its life.</summary>
    public TrackState State { get; internal set; }

    /// <summary>The filtered box in source pixels; predicted while the track is lost.</summary>
    public Box Box { get; private set; }

    /// <summary>The last detected box in source pixels.</summary>
    public Box DetectedBox { get; private set; }

    /// <summary>Which of the frame's detections it is, for a track that was seen in it.</summary>
    public int Detection { get; private set; }

    /// <summary>When it was first seen.</summary>
    public TimeSpan FirstSeen { get; private set; }

    /// <summary>When it was last seen.</summary>
    public TimeSpan LastSeen { get; private set; }

    /// <summary>In how many frames it was seen.</summary>
    public long Hits { get; private set; }

    /// <summary>How fast its centre moves, in pixels a frame interval.</summary>
    public float Speed => _motion.Speed;

    /// <summary>Room for whoever follows the track, such as a zone monitor: a slot number that is this track's alone while it lives.</summary>
    public int Slot { get; internal init; }

    internal bool IsSeen { get; set; }

    internal void Begin(in Detection detection, int index, TimeSpan time)
    {
        _motion = new KalmanBox(detection.Box);
        (Id, State, Hits, FirstSeen, Class) = (0, TrackState.Tentative, 0, time, detection.Class);
        Detection = index;
        Take(detection.Box, detection.Score, time);
    }

    internal void Predict(float frames)
    {
        _motion.Predict(frames, keepHeight: State != TrackState.Tracked);
        (Box, IsSeen) = (_motion.Box, false);
    }

    internal void See(in Detection detection, int index, TimeSpan time)
    {
        Detection = index;
        See(detection.Box, detection.Score, time);
    }

    /// <summary>Goes on with what another track took for its own.</summary>
    internal void TakeOver(Track other)
    {
        (State, Detection) = (TrackState.Tracked, other.Detection);
        See(other.DetectedBox, other.Score, other.LastSeen);
    }

    private void See(Box box, float score, TimeSpan time)
    {
        _motion.Correct(box);
        Take(box, score, time);
    }

    private void Take(Box box, float score, TimeSpan time)
    {
        (Box, DetectedBox, Score, LastSeen, IsSeen) = (_motion.Box, box, score, time, true);
        Hits++;
    }
}
