namespace Edge.Runtime.Configuration;

/// <summary>A line across the picture whose crossings are counted by direction.</summary>
internal sealed record LineConfig
{
    public required string Name { get; init; }

    /// <summary>One end, [x, y] in shares of the picture's size.</summary>
    public required IReadOnlyList<double> From { get; init; }

    /// <summary>The other end.</summary>
    public required IReadOnlyList<double> To { get; init; }

    /// <summary>The point of a box that must cross: <c>bottom</c> or <c>centre</c>.</summary>
    public string Anchor { get; set; } = ZoneConfig.Bottom;

    public IReadOnlyList<FilterConfig> Filters { get; set; } = [];
}
