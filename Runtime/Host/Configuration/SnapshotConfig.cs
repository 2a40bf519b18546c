namespace Edge.Runtime.Configuration;

/// <summary>Pictures that leave the device: none unless this is configured.</summary>
internal sealed record SnapshotConfig
{
    internal const string NoBlur = "none";
    internal const string BlurOutside = "outside";
    internal const string BlurClasses = "classes";

    /// <summary>The events that a picture is made of.</summary>
    public IReadOnlyList<string> On { get; set; } = ["start"];

    /// <summary>What is made unrecognizable: <c>none</c>, everything <c>outside</c> the object's box, or the boxes of some <c>classes</c>.</summary>
    public string Blur { get; set; } = NoBlur;

    /// <summary>The classes of <see cref="BlurClasses"/>, by name.</summary>
    public IReadOnlyList<string> Classes { get; set; } = [];

    /// <summary>JPEG quality, 1 to 100.</summary>
    public int Quality { get; set; } = 85;

    /// <summary>The least time between two pictures.</summary>
    public double IntervalSeconds { get; set; } = 1;
}
