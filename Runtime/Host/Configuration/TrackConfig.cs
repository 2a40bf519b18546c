namespace Edge.Runtime.Configuration;

/// <summary>How a detector's boxes become objects over time. Scores that are null follow the pipeline's threshold.</summary>
internal sealed record TrackConfig
{
    /// <summary>Boxes of this score or above are matched to objects first; null: the threshold.</summary>
    public double? HighScore { get; init; }

    /// <summary>Boxes below <see cref="HighScore"/> but of this score or above can keep an object alive; null: 0.1, or the threshold where it is lower.</summary>
    public double? LowScore { get; init; }

    /// <summary>Boxes of this score or above become new objects; null: the threshold.</summary>
    public double? NewScore { get; init; }

    /// <summary>The least overlap of a box with where an object should be, times the box's score.</summary>
    public double MatchOverlap { get; set; } = 0.2;

    /// <summary>How long an object may be hidden and still be the same one.</summary>
    public double LostSeconds { get; set; } = 2;

    /// <summary>How fast frames follow each other where the source does not say; file sources have their time from it.</summary>
    public double FramesPerSecond { get; set; } = 15;

    public int MaximumObjects { get; set; } = 100;

    /// <summary>How long an object must be seen before it is told.</summary>
    public double StartSeconds { get; set; }

    /// <summary>How often an object that goes on is told; 0 for never.</summary>
    public double UpdateSeconds { get; set; } = 5;

    /// <summary>How long an object must hardly move to be stationary; 0 for never.</summary>
    public double StationarySeconds { get; set; } = 10;

    /// <summary>How many points of its path an event carries at most.</summary>
    public int PathPoints { get; set; } = 32;

    /// <summary>Which objects count at all.</summary>
    public IReadOnlyList<FilterConfig> Filters { get; set; } = [];
}
