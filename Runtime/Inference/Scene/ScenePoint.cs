namespace Edge.Inference;

/// <summary>A point in a picture, relative to its size: (0, 0) is the upper left corner, (1, 1) the lower right one.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
public readonly record struct ScenePoint(float X, float Y)
{
    /// <summary>Is each coordinate a number from −1 to 2? Zones may reach beyond the picture, but not without end.</summary>
    public bool IsSensible => X is >= -1 and <= 2 && Y is >= -1 and <= 2;

    /// <summary>On which side of a line through two points this one is: above 0 on its right, seen along it in a picture, below 0 on its left.</summary>
    internal float SideOf(ScenePoint from, ScenePoint to) => ((to.X - from.X) * (Y - from.Y)) - ((to.Y - from.Y) * (X - from.X));
}
