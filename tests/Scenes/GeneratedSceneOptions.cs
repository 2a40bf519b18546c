namespace Edge.Scenes;

/// <summary>A scene to generate.</summary>
public sealed record GeneratedSceneOptions
{
    /// <summary>How many objects there are at once.</summary>
    public int Objects { get; init; } = 12;

    /// <summary>How many frames.</summary>
    public int Frames { get; init; } = 300;

    /// <summary>The picture's width and height in pixels.</summary>
    public int Size { get; init; } = 1000;

    /// <summary>The share of visible objects that the detector misses in a frame.</summary>
    public double Missed { get; init; } = 0.10;

    /// <summary>How many false boxes there are for each true one.</summary>
    public double False { get; init; } = 0.05;

    /// <summary>The standard deviation of a box's edges as a share of its size.</summary>
    public double Jitter { get; init; } = 0.03;

    /// <summary>How often, per object and frame, an object drops out for several frames at a time.</summary>
    public double DropOut { get; init; } = 0.004;

    /// <summary>From this share of its area covered by nearer objects on, an object is hidden.</summary>
    public double HiddenFrom { get; init; } = 0.7;

    /// <summary>Where the random numbers begin.</summary>
    public ulong Seed { get; init; } = 1;
}
