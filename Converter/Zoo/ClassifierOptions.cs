namespace Edge.Zoo;

/// <summary>What an image classifier of the zoo can be asked for.</summary>
public sealed record ClassifierOptions
{
    /// <summary>Colour channels of the input: 1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Rows of the input, in pixels.</summary>
    public int Height { get; init; } = 28;

    /// <summary>Columns of the input, in pixels.</summary>
    public int Width { get; init; } = 28;

    /// <summary>How many classes are told apart.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>The share of units that dropout silences while training, from 0 (no dropout layer) to less than 1.</summary>
    public float Dropout { get; init; }

    /// <summary>The same seed gives the same initial weights on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="ZooException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Channels is >= 1 and <= 1024, $"{nameof(Channels)} is {Channels}: use 1 to 1024");
        Check(Height is >= 1 and <= 4096, $"{nameof(Height)} is {Height}: use 1 to 4096");
        Check(Width is >= 1 and <= 4096, $"{nameof(Width)} is {Width}: use 1 to 4096");
        Check(Classes is >= 2 and <= 100_000, $"{nameof(Classes)} is {Classes}: use 2 to 100000");
        Check(Dropout is >= 0 and < 1, $"{nameof(Dropout)} is {Dropout}: use 0 to less than 1");
    }

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ZooException(message);
        }
    }
}
