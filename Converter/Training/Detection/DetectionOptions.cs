using Edge.Training.Data;

namespace Edge.Training.Detection;

/// <summary>How annotated pictures become samples for a detector, and what training does to them. Chances are 0 to 1.</summary>
public sealed record DetectionOptions
{
    /// <summary>Rows of a sample.</summary>
    public int Height { get; init; } = 320;

    /// <summary>Columns of a sample.</summary>
    public int Width { get; init; } = 320;

    /// <summary>Where the pictures are; null for where the annotations' format usually has them.</summary>
    public string? Images { get; init; }

    /// <summary>Whether samples have their channels as blue, green, red, as YOLOX wants them.</summary>
    public bool Bgr { get; init; }

    /// <summary>The most boxes of a sample that are learned from.</summary>
    public int MaxBoxes { get; init; } = 64;

    /// <summary>How often a sample is put together of four pictures.</summary>
    public double Mosaic { get; init; } = 0.5;

    /// <summary>How often another picture shines through, boxes and all.</summary>
    public double Mixup { get; init; }

    /// <summary>How often a picture is mirrored, left to right.</summary>
    public double Flip { get; init; } = 0.5;

    /// <summary>How far pictures are turned at most, in degrees either way; boxes stay upright and grow.</summary>
    public double Degrees { get; init; } = 5;

    /// <summary>How far pictures are moved at most, as a share of their size either way.</summary>
    public double Translate { get; init; } = 0.1;

    /// <summary>The least size that pictures are shown in; 1 is their own.</summary>
    public double ScaleLeast { get; init; } = 0.7;

    /// <summary>The largest size that pictures are shown in.</summary>
    public double ScaleMost { get; init; } = 1.4;

    /// <summary>How far hues are turned at most, as a share of the circle either way.</summary>
    public double Hue { get; init; } = 0.02;

    /// <summary>How much saturation changes at most, as a share either way.</summary>
    public double Saturation { get; init; } = 0.4;

    /// <summary>How much brightness changes at most, as a share either way.</summary>
    public double Value { get; init; } = 0.3;

    /// <summary>A box of which less than this share is left after cutting is not learned.</summary>
    public double LeastVisible { get; init; } = 0.4;

    /// <summary>The most bytes of decoded pictures that are kept in memory; what does not fit is decoded anew each time.</summary>
    public long CacheBytes { get; init; } = 1L << 30;

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="DataException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Height is >= 32 and <= 4096, $"the height is {Height}: use 32 to 4096");
        Check(Width is >= 32 and <= 4096, $"the width is {Width}: use 32 to 4096");
        Check(MaxBoxes is >= 1 and <= 4096, $"{MaxBoxes} boxes at most: use 1 to 4096");
        Check(Mosaic is >= 0 and <= 1, $"mosaic is {Mosaic}: use 0 to 1");
        Check(Mixup is >= 0 and <= 1, $"mixup is {Mixup}: use 0 to 1");
        Check(Flip is >= 0 and <= 1, $"flip is {Flip}: use 0 to 1");
        Check(Degrees is >= 0 and <= 180, $"degrees are {Degrees}: use 0 to 180");
        Check(Translate is >= 0 and <= 1, $"translate is {Translate}: use 0 to 1");
        Check(ScaleLeast is >= 0.1 && ScaleMost is <= 10 && ScaleLeast <= ScaleMost, $"scales go from {ScaleLeast} to {ScaleMost}: use 0.1 to 10, rising");
        Check(Hue is >= 0 and <= 0.5, $"hue is {Hue}: use 0 to 0.5");
        Check(Saturation is >= 0 and <= 1, $"saturation is {Saturation}: use 0 to 1");
        Check(Value is >= 0 and <= 1, $"value is {Value}: use 0 to 1");
        Check(LeastVisible is >= 0 and <= 1, $"leastVisible is {LeastVisible}: use 0 to 1");
        Check(CacheBytes >= 0, $"the cache has {CacheBytes} bytes: use 0 or more");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new DataException($"detection: {message}");
        }
    }
}
