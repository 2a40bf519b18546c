namespace Edge.Inference;

/// <summary>What is worth telling about tracked objects.</summary>
public sealed record SceneOptions
{
    /// <summary>The zones; at most 64, each with a name of its own.</summary>
    public IReadOnlyList<ZoneOptions> Zones { get; set; } = [];

    /// <summary>The lines; at most 64, each with a name of its own.</summary>
    public IReadOnlyList<LineOptions> Lines { get; set; } = [];

    /// <summary>Which objects count at all: those that one of these admits; all where there is none.</summary>
    public IReadOnlyList<ObjectFilter> Filters { get; set; } = [];

    /// <summary>How long an object must be seen before it is told; zero for at once. It is then told as seen from its first frame on.</summary>
    public TimeSpan StartAfter { get; set; }

    /// <summary>How long an object must hardly move before it is stationary; zero for never.</summary>
    public TimeSpan StationaryAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an object that is seen gives an <see cref="SceneEventKind.Update"/>; zero for never.</summary>
    public TimeSpan UpdateEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many points of its path an object keeps; 2 to 1,000. A longer path is thinned evenly.</summary>
    public int PathPoints { get; set; } = 32;

    /// <summary>Checks every field.</summary>
    /// <exception cref="InferenceException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Zones.Count <= 64, "zones", "must be at most 64");
        Require(Lines.Count <= 64, "lines", "must be at most 64");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (ZoneOptions zone in Zones)
        {
            zone.Validate();
            Require(names.Add(zone.Name), $"zones['{zone.Name}']", "has the name of another zone or line");
        }
        foreach (LineOptions line in Lines)
        {
            line.Validate();
            Require(names.Add(line.Name), $"lines['{line.Name}']", "has the name of another zone or line");
        }
        ObjectFilter.Validate(Filters, "filters");
        RequireDuration(StartAfter, "startAfter");
        RequireDuration(StationaryAfter, "stationaryAfter");
        RequireDuration(UpdateEvery, "updateEvery");
        Require(PathPoints is >= 2 and <= 1000, "pathPoints", "must be 2 to 1000");
    }

    internal static void Require(bool isRight, string name, string rule)
    {
        if (!isRight)
        {
            throw new InferenceException($"scene.{name} {rule}");
        }
    }

    internal static void RequireName(string name, string where) =>
        Require(name.Length is > 0 and <= 64, where, "must be 1 to 64 characters");

    internal static void RequireDuration(TimeSpan value, string where) =>
        Require(value >= TimeSpan.Zero && value <= TimeSpan.FromDays(1), where, "must be 0 to 24 hours");
}
