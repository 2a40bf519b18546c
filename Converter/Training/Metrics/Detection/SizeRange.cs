namespace Edge.Training.Metrics;

/// <summary>Which objects count by their area, as COCO divides them: limits belong to both neighbours.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Least">The least area in square pixels.</param>
/// <param name="Most">The largest.</param>
internal sealed record SizeRange(string Name, double Least, double Most)
{
    public static readonly SizeRange All = new("all", 0, 1e10);

    public static readonly SizeRange[] Ranges = [All, new("small", 0, 32 * 32), new("medium", 32 * 32, 96 * 96), new("large", 96 * 96, 1e10)];

    public bool Contains(double area) => area >= Least && area <= Most;
}
