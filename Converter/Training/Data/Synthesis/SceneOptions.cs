namespace Edge.Training.Data;

/// <summary>What generated scenes look like. Sizes of items are shares of the picture's side.</summary>
public sealed record SceneOptions
{
    // The largest stride of detectors.
    private const int CellSide = 32;

    /// <summary>Columns and rows of a picture.</summary>
    public int Size { get; init; } = 160;

    /// <summary>The fewest items in a picture.</summary>
    public int LeastItems { get; init; } = 3;

    /// <summary>The most items in a picture; fewer where there is no room.</summary>
    public int MostItems { get; init; } = 8;

    /// <summary>The least size of an item.</summary>
    public double LeastScale { get; init; } = 0.2;

    /// <summary>The largest size of an item.</summary>
    public double MostScale { get; init; } = 0.42;

    /// <summary>How far items are turned at most, in degrees either way.</summary>
    public double Degrees { get; init; } = 20;

    /// <summary>The share of an item that other items may hide.</summary>
    public double MostHidden { get; init; } = 0.3;

    /// <summary>Shapes without meaning in a picture, at most.</summary>
    public int MostClutter { get; init; } = 6;

    /// <summary>The standard deviation of noise, in levels, at most.</summary>
    public double MostNoise { get; init; } = 10;

    /// <summary>The same seed gives the same scenes.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// The same world with one item a picture, which is as large in pixels as in the scenes: what tells items apart is learnt there
    /// faster than in scenes.
    /// </summary>
    public SceneOptions Single()
    {
        int side = Math.Clamp((int)Math.Round(Size * MostScale / CellSide) * CellSide, CellSide, Size);
        return this with
        {
            Size = side,
            LeastItems = 1,
            MostItems = 1,
            LeastScale = Math.Min(1, LeastScale * Size / side),
            MostScale = Math.Min(1, MostScale * Size / side),
            MostClutter = (MostClutter + 2) / 3,
        };
    }

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Size is >= 32 and <= 2048, $"the size is {Size}: use 32 to 2048");
        Check(LeastItems is >= 0 && MostItems is <= 100 && LeastItems <= MostItems, $"{LeastItems} to {MostItems} items: use 0 to 100, rising");
        Check(LeastScale is >= 0.05 && MostScale is <= 1 && LeastScale <= MostScale, $"scales go from {LeastScale} to {MostScale}: use 0.05 to 1, rising");
        Check(Degrees is >= 0 and <= 180, $"degrees are {Degrees}: use 0 to 180");
        Check(MostHidden is >= 0 and <= 0.9, $"{MostHidden} of an item may be hidden: use 0 to 0.9");
        Check(MostClutter is >= 0 and <= 1000, $"{MostClutter} shapes of clutter: use 0 to 1000");
        Check(MostNoise is >= 0 and <= 100, $"the noise is {MostNoise}: use 0 to 100");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException($"scenes: {message}");
        }
    }
}
