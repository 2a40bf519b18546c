namespace Edge.Zoo;

/// <summary>What an architecture of the zoo can be asked for. Null is the architecture's own choice.</summary>
public sealed record ZooOptions
{
    /// <summary>Colour channels of the input: 1 for grey, 3 for RGB.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Rows of the input, in pixels.</summary>
    public int Height { get; init; } = 28;

    /// <summary>Columns of the input, in pixels.</summary>
    public int Width { get; init; } = 28;

    /// <summary>
    /// The shape of a sample that is no image: [columns] of a table, [rows, columns] of a window, [tokens] of a text. Null
    /// stands for [<see cref="Channels"/>, <see cref="Height"/>, <see cref="Width"/>].
    /// </summary>
    public IReadOnlyList<int>? Shape { get; init; }

    /// <summary>How many classes are told apart, or values predicted.</summary>
    public int Classes { get; init; } = 10;

    /// <summary>The share of units that dropout silences while training, from 0 (no dropout layer) to less than 1.</summary>
    public float? Dropout { get; init; }

    /// <summary>What the channels of a mobile net are multiplied by, from 0.1 to 4.</summary>
    public double? Multiplier { get; init; }

    /// <summary>Units of a hidden layer, a recurrent cell or a block, 1 to 8192.</summary>
    public int? Hidden { get; init; }

    /// <summary>Hidden layers, recurrent layers or blocks, 1 to 32.</summary>
    public int? Layers { get; init; }

    /// <summary>Numbers that an autoencoder keeps of its input, or that a generator starts with, 1 to 8192.</summary>
    public int? Latent { get; init; }

    /// <summary>Numbers of a text's vocabulary, padding and unknown included.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>Values that stand for a token, 1 to 8192.</summary>
    public int? Embedding { get; init; }

    /// <summary>
    /// The path of a classifier whose layers a detector sees with, instead of its own; an ONNX file that takes pictures. Null or empty for none.
    /// </summary>
    public string? Backbone { get; init; }

    /// <summary>The same seed gives the same initial weights on every machine.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Values of a sample.</summary>
    internal long Values
    {
        get
        {
            long count = 1;
            foreach (int size in Shape ?? [Channels, Height, Width])
            {
                count *= size;
            }
            return count;
        }
    }

    /// <summary>Lets options pass that make sense.</summary>
    /// <exception cref="ZooException">One of them does not; the message names it.</exception>
    public void Validate()
    {
        Check(Channels is >= 1 and <= 1024, $"{nameof(Channels)} is {Channels}: use 1 to 1024");
        Check(Height is >= 1 and <= 4096, $"{nameof(Height)} is {Height}: use 1 to 4096");
        Check(Width is >= 1 and <= 4096, $"{nameof(Width)} is {Width}: use 1 to 4096");
        Check(Shape is null || Shape.Count is >= 1 and <= 8, $"{nameof(Shape)} has {Shape?.Count} dimensions: use 1 to 8");
        long values = 1;
        foreach (int size in Shape ?? [])
        {
            values = size >= 1 && values <= (1 << 22) / size ? values * size : 0;
        }
        Check(values > 0, $"{nameof(Shape)} is [{string.Join(',', Shape ?? [])}]: use 1 to {1 << 22} values");
        Check(Classes is >= 1 and <= 100_000, $"{nameof(Classes)} is {Classes}: use 1 to 100000");
        Check(Dropout is null or (>= 0 and < 1), $"{nameof(Dropout)} is {Dropout}: use 0 to less than 1");
        Check(Multiplier is null or (>= 0.1 and <= 4), $"{nameof(Multiplier)} is {Multiplier}: use 0.1 to 4");
        Check(Hidden is null or (>= 1 and <= 8192), $"{nameof(Hidden)} is {Hidden}: use 1 to 8192");
        Check(Layers is null or (>= 1 and <= 32), $"{nameof(Layers)} is {Layers}: use 1 to 32");
        Check(Latent is null or (>= 1 and <= 8192), $"{nameof(Latent)} is {Latent}: use 1 to 8192");
        Check(Embedding is null or (>= 1 and <= 8192), $"{nameof(Embedding)} is {Embedding}: use 1 to 8192");
        Check(Vocabulary is >= 3 and <= 1 << 20, $"{nameof(Vocabulary)} is {Vocabulary}: use 3 to {1 << 20}");
    }

    /// <summary>Lets images through that are large enough.</summary>
    internal void NeedsImage(string name, int minimum)
    {
        Validate();
        if (Shape is { Count: not 3 })
        {
            throw new ZooException($"{name} takes images [channels,height,width], not samples [{string.Join(',', Shape)}]: use mlp, gru-sensor or tcn-sensor");
        }
        if (Shape is null ? Height < minimum || Width < minimum : Shape[1] < minimum || Shape[2] < minimum)
        {
            (int height, int width) = Shape is null ? (Height, Width) : (Shape[1], Shape[2]);
            throw new ZooException($"{name} needs images of at least {minimum}×{minimum} pixels, not {width}×{height}: use mlp or larger images");
        }
    }

    /// <summary>Rows and columns of a window.</summary>
    internal (int Rows, int Columns) Window(string name)
    {
        Validate();
        return Shape is { Count: 2 }
            ? (Shape[0], Shape[1])
            : throw new ZooException($"{name} takes windows [rows,columns], not samples [{string.Join(',', Shape ?? [Channels, Height, Width])}]: use mlp for rows of a table, convnet for images");
    }

    /// <summary>The same with <see cref="Shape"/> of an image spread over channels, height and width.</summary>
    internal ZooOptions AsImage() => Shape is { Count: 3 } ? this with { Channels = Shape[0], Height = Shape[1], Width = Shape[2], Shape = null } : this;

    private static void Check(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ZooException(message);
        }
    }
}
