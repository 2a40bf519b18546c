namespace Edge.Runtime.Configuration;

/// <summary>A part of the picture that is watched.</summary>
internal sealed record ZoneConfig
{
    internal const string Bottom = "bottom";
    internal const string Centre = "centre";

    public required string Name { get; init; }

    /// <summary>The corners of a polygon in order around it, each [x, y] in shares of the picture's size.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Points { get; init; }

    /// <summary>The point of a box that must be inside: <c>bottom</c>, the middle of its lower edge, or <c>centre</c>.</summary>
    public string Anchor { get; set; } = Bottom;

    /// <summary>How long an object must be inside, without a break, before it has entered.</summary>
    public double EnterSeconds { get; set; }

    /// <summary>How long an object must be outside, without a break, before it has left.</summary>
    public double LeaveSeconds { get; set; }

    /// <summary>How long an object stays inside before it is loitering; 0 for never.</summary>
    public double LoiterSeconds { get; set; }

    public IReadOnlyList<FilterConfig> Filters { get; set; } = [];
}
