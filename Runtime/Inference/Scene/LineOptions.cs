namespace Edge.Inference;

/// <summary>A line across the picture; objects that cross it are counted by direction.</summary>
public sealed record LineOptions
{
    /// <summary>Its name in messages: 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>One end.</summary>
    public required ScenePoint From { get; init; }

    /// <summary>The other end.</summary>
    public required ScenePoint To { get; init; }

    /// <summary>Which objects count: those that one of these admits; all where there is none.</summary>
    public IReadOnlyList<ObjectFilter> Filters { get; set; } = [];

    /// <summary>The point of a box that must cross.</summary>
    public Anchor Anchor { get; set; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="InferenceException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        SceneOptions.RequireName(Name, "lines.name");
        string where = $"lines['{Name}']";
        SceneOptions.Require(From.IsSensible, $"{where}.from", "must be shares of the picture's size, from -1 to 2");
        SceneOptions.Require(To.IsSensible && To != From, $"{where}.to", "must be shares of the picture's size, from -1 to 2, and not equal to from");
        ObjectFilter.Validate(Filters, $"{where}.filters");
    }

    /// <summary>Which way a movement crosses: 1 from the line's left to its right, seen from <see cref="From"/> to <see cref="To"/>; −1 the other way; 0 not at all.</summary>
    /// <param name="before">Where the object was.</param>
    /// <param name="after">Where it is.</param>
    public int Crossing(ScenePoint before, ScenePoint after)
    {
        // A point on the line counts as on its right, so that a stop on the line is crossed once.
        bool wasRight = before.SideOf(From, To) >= 0;
        bool isRight = after.SideOf(From, To) >= 0;
        bool passesBetweenEnds = (From.SideOf(before, after) >= 0) != (To.SideOf(before, after) >= 0);
        return wasRight == isRight || !passesBetweenEnds ? 0 : isRight ? 1 : -1;
    }
}
