namespace Edge.Inference;

/// <summary>A part of the picture that is watched.</summary>
public sealed record ZoneOptions
{
    /// <summary>Its name in messages: 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>The corners of a polygon, 3 to 64, in order around it; it may be concave.</summary>
    public required IReadOnlyList<ScenePoint> Points { get; init; }

    /// <summary>Which objects count: those that one of these admits; all where there is none.</summary>
    public IReadOnlyList<ObjectFilter> Filters { get; set; } = [];

    /// <summary>The point of a box that must be inside.</summary>
    public Anchor Anchor { get; set; }

    /// <summary>How long an object must be inside, without a break, before it has entered.</summary>
    public TimeSpan EnterAfter { get; set; }

    /// <summary>How long an object must be outside, without a break, before it has left.</summary>
    public TimeSpan LeaveAfter { get; set; }

    /// <summary>How long an object stays inside before it is loitering; zero for never.</summary>
    public TimeSpan LoiterAfter { get; set; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="InferenceException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        SceneOptions.RequireName(Name, "zones.name");
        string where = $"zones['{Name}']";
        SceneOptions.Require(Points.Count is >= 3 and <= 64, $"{where}.points", "must be 3 to 64 corners");
        foreach (ScenePoint point in Points)
        {
            SceneOptions.Require(point.IsSensible, $"{where}.points", "must be shares of the picture's size, from -1 to 2");
        }
        SceneOptions.RequireDuration(EnterAfter, $"{where}.enterAfter");
        SceneOptions.RequireDuration(LeaveAfter, $"{where}.leaveAfter");
        SceneOptions.RequireDuration(LoiterAfter, $"{where}.loiterAfter");
        ObjectFilter.Validate(Filters, $"{where}.filters");
    }

    /// <summary>Is a point inside? A point on an edge belongs to one of the two sides, the same one each time.</summary>
    /// <param name="point">The point.</param>
    public bool Contains(ScenePoint point)
    {
        // Even-odd rule: a ray to the right crosses the outline an odd number of times.
        bool isInside = false;
        ScenePoint previous = Points[^1];
        for (int i = 0; i < Points.Count; i++)
        {
            ScenePoint corner = Points[i];
            if ((corner.Y > point.Y) != (previous.Y > point.Y)
                && point.X < ((previous.X - corner.X) * (point.Y - corner.Y) / (previous.Y - corner.Y)) + corner.X)
            {
                isInside = !isInside;
            }
            previous = corner;
        }
        return isInside;
    }
}
