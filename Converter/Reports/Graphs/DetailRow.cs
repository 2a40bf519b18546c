namespace Edge.Reports.Graphs;

/// <summary>A row of the panel.</summary>
/// <param name="Label">What it is about; empty lets the text take the whole width.</param>
/// <param name="Text">What it says.</param>
public sealed record DetailRow(string Label, string Text)
{
    /// <summary>Where a click leads: the index of a node in the same drawing; null for nowhere.</summary>
    public int? Node { get; init; }

    /// <summary>Where a click leads: the index of another drawing of the page; null for nowhere.</summary>
    public int? Drawing { get; init; }

    /// <summary>A histogram below the row; null for none.</summary>
    public Histogram? Histogram { get; init; }
}
