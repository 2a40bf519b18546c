namespace Edge.Training.Data;

/// <summary>How a text file is cut into a table.</summary>
public sealed record TableFormat
{
    /// <summary>What separates two cells; null takes a tab where the first line has one, else a semicolon where it has no comma, else a comma.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Whether the first line names the columns; null finds out: it does if a column has a number in the second line only, and none in the first.</summary>
    public bool? Header { get; init; }
}
