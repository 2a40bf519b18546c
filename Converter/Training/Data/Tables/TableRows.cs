namespace Edge.Training.Data;

/// <summary>The rows of a table that are used, as numbers; arrays are by row, or empty where nobody asked.</summary>
internal sealed record TableRows
{
    public required IReadOnlyList<string> Columns { get; init; }

    public required IReadOnlyList<string> ClassNames { get; init; }

    public required IReadOnlyList<string> CohortNames { get; init; }

    /// <summary>[rows, columns].</summary>
    public required float[] Values { get; init; }

    /// <summary>[rows, labels].</summary>
    public required float[] Targets { get; init; }

    public required int[] Classes { get; init; }

    public required int[] Cohorts { get; init; }

    /// <summary>What must not be parted by a split.</summary>
    public required int[] Groups { get; init; }

    /// <summary>Rows of the same number follow each other in time without a gap.</summary>
    public required int[] Recordings { get; init; }

    /// <summary>Which row of the table it is.</summary>
    public required int[] Sources { get; init; }

    public int Count => Sources.Length;
}
