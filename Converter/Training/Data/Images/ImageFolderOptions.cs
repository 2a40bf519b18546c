namespace Edge.Training.Data;

/// <summary>How the pictures of a folder become samples.</summary>
public sealed record ImageFolderOptions
{
    /// <summary>Rows of a sample.</summary>
    public int Height { get; init; } = 96;

    /// <summary>Columns of a sample.</summary>
    public int Width { get; init; } = 96;

    /// <summary>1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Cuts off what is too wide or too high instead of distorting it.</summary>
    public bool KeepAspect { get; init; }

    /// <summary>
    /// Above 1, pictures are kept that many times larger than a sample: training sees a random part of the sample's size,
    /// judging the middle.
    /// </summary>
    public double Oversize { get; init; } = 1;

    /// <summary>The most bytes of decoded pictures that are kept in memory; what does not fit is decoded anew each time.</summary>
    public long CacheBytes { get; init; } = 512L << 20;

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Height is >= 1 and <= 4096, $"the height is {Height}: use 1 to 4096");
        Check(Width is >= 1 and <= 4096, $"the width is {Width}: use 1 to 4096");
        Check(Channels is 1 or 3, $"{Channels} channels: use 1 (grey) or 3 (colour)");
        Check(Oversize is >= 1 and <= 4, $"the oversize is {Oversize}: use 1 to 4");
        Check(CacheBytes >= 0, $"the cache has {CacheBytes} bytes: use 0 or more");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException($"images: {message}");
        }
    }
}
