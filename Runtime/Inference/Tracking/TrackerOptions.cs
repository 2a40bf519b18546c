namespace Edge.Inference;

/// <summary>How detections become tracks. The defaults are those of ByteTrack (Zhang et al. 2022).</summary>
public sealed record TrackerOptions
{
    /// <summary>Detections at this score or above are matched first, and only they start tracks; 0 to 1.</summary>
    public float HighScore { get; set; } = 0.5f;

    /// <summary>Detections below <see cref="HighScore"/> but at this score or above can keep a track alive; 0 to 1.</summary>
    public float LowScore { get; set; } = 0.1f;

    /// <summary>The score from which an unmatched detection starts a track; 0 to 1.</summary>
    public float NewTrackScore { get; set; } = 0.6f;

    /// <summary>The least overlap (IoU × score) for a match with a detection of high score; 0 to 1.</summary>
    public float MatchOverlap { get; set; } = 0.2f;

    /// <summary>How long an object may be hidden and still be the same one.</summary>
    public TimeSpan LostFor { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The interval between two frames when none is dropped; velocities are in pixels per this.</summary>
    public TimeSpan FrameInterval { get; set; } = TimeSpan.FromSeconds(1.0 / 15);

    /// <summary>The most tracks that are kept at once; 1 to 1,000. Where there are more objects, the ones of the lowest score get none.</summary>
    public int MaximumTracks { get; set; } = 200;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InferenceException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Share(HighScore, "highScore");
        Share(LowScore, "lowScore");
        Share(NewTrackScore, "newTrackScore");
        Share(MatchOverlap, "matchOverlap");
        Require(LowScore <= HighScore, "lowScore", "must not be above highScore");
        Require(LostFor >= TimeSpan.Zero && LostFor <= TimeSpan.FromHours(1), "lostFor", "must be 0 to 1 hour");
        Require(FrameInterval > TimeSpan.Zero && FrameInterval <= TimeSpan.FromHours(1), "frameInterval", "must be above 0 and at most 1 hour");
        Require(MaximumTracks is >= 1 and <= 1000, "maximumTracks", "must be 1 to 1000");
    }

    private static void Share(float value, string name) => Require(value is >= 0 and <= 1, name, "must be 0 to 1");

    private static void Require(bool isRight, string name, string rule)
    {
        if (!isRight)
        {
            throw new InferenceException($"tracker.{name} {rule}");
        }
    }
}
