namespace Edge.Inference;

/// <summary>The point of a box that says where its object is.</summary>
public enum Anchor
{
    /// <summary>The middle of the lower edge: where a person's feet or a car's wheels are.</summary>
    Bottom,

    /// <summary>The centre.</summary>
    Centre,
}
