namespace Edge.Packages;

/// <summary>
/// How pixels become the model's input tensor. A float32 value is <c>pixel · a + b</c> with
/// <c>a = scale ÷ std</c> and <c>b = −mean ÷ std</c> of its channel: see <see cref="Normalization"/>.
/// </summary>
public sealed record InputSpec
{
    /// <summary>The largest width and height.</summary>
    public const int MaxSide = 16384;

    /// <summary>The model's input by name; null where the model has only one.</summary>
    public string? Tensor { get; init; }

    /// <summary>The order of the dimensions.</summary>
    public TensorLayout Layout { get; set; } = TensorLayout.Nchw;

    /// <summary>The element type.</summary>
    public InputType Dtype { get; set; } = InputType.Float32;

    /// <summary>Columns, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Rows, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>1 (grey) or 3 (colour).</summary>
    public required int Channels { get; init; }

    /// <summary>How an image of another size is made to fit.</summary>
    public ResizeMode Resize { get; set; } = ResizeMode.Stretch;

    /// <summary>How its pixels are found; bilinear where null.</summary>
    public ResampleFilter? Resample { get; init; }

    /// <summary>
    /// True lets a device decode a JPEG at 1/2, 1/4 or 1/8 of its size where that still has as many pixels as the model takes:
    /// faster for large photos, at pixels that differ a little. False or null decodes at full size.
    /// </summary>
    public bool? ScaledDecode { get; init; }

    /// <summary>Where a letterboxed image lies.</summary>
    public PaddingPlace PaddingPlace { get; set; } = PaddingPlace.Center;

    /// <summary>The grey level around a letterboxed image, 0 to 255, before normalisation.</summary>
    public int PaddingValue { get; set; } = 114;

    /// <summary>What a pixel's 0 to 255 is multiplied by; 1/255 unless told. Without effect on raw pixels.</summary>
    public float Scale { get; set; } = 1f / 255f;

    /// <summary>Subtracted after scaling: one value a channel, one for all, or none (0). Empty for raw pixels.</summary>
    public IReadOnlyList<float> Mean { get; set; } = [];

    /// <summary>Divided by after that: one value a channel, one for all, or none (1). Empty for raw pixels.</summary>
    public IReadOnlyList<float> Std { get; set; } = [];

    /// <summary>How a normalised value becomes an element of an int8 or uint8 input; null for other inputs and for raw pixels.</summary>
    public InputQuantization? Quantization { get; init; }

    /// <summary>What the channels hold.</summary>
    public ColorOrder ColorOrder { get; set; } = ColorOrder.Rgb;

    /// <summary>True where the model takes pixels as they are.</summary>
    internal bool IsRaw => Dtype == InputType.UInt8 && Quantization is null;

    /// <summary>Checks every field.</summary>
    /// <exception cref="PackageException">A field is out of range or contradicts another; the message names it.</exception>
    public void Validate()
    {
        Check.That(Width is > 0 and <= MaxSide, "input.width", $"must be 1 to {MaxSide}");
        Check.That(Height is > 0 and <= MaxSide, "input.height", $"must be 1 to {MaxSide}");
        Check.That(Channels is 1 or 3, "input.channels", "must be 1 or 3");
        Check.That((Channels == 1) == (ColorOrder == ColorOrder.Grey), "input.colorOrder", "must be grey for 1 channel, rgb or bgr for 3");
        Check.That(PaddingValue is >= 0 and <= 255, "input.paddingValue", "must be 0 to 255");
        Check.That(Tensor is null || Tensor.Length is > 0 and <= 1024, "input.tensor", "must be 1 to 1024 characters");
        Check.That(float.IsFinite(Scale) && Scale > 0, "input.scale", "must be positive");
        Check.That(Mean.Count == 0 || Mean.Count == 1 || Mean.Count == Channels, "input.mean", "must have one value, or one a channel");
        Check.That(Std.Count == 0 || Std.Count == 1 || Std.Count == Channels, "input.std", "must have one value, or one a channel");
        Check.That(!IsRaw || (Mean.Count == 0 && Std.Count == 0), "input.mean", "and input.std must be left out where dtype is uint8 without a quantization");
        Check.That(Quantization is null || Dtype is InputType.Int8 or InputType.UInt8, "input.quantization", "must be left out where dtype is a float");
        Check.That(Quantization is not null || Dtype != InputType.Int8, "input.quantization", "must be given where dtype is int8");
        Quantization?.Validate(Dtype);
        for (int c = 0; c < Mean.Count; c++)
        {
            Check.That(float.IsFinite(Mean[c]), "input.mean", "must be finite");
        }
        for (int c = 0; c < Std.Count; c++)
        {
            Check.That(float.IsFinite(Std[c]) && Std[c] > 0, "input.std", "must be positive");
        }
    }
}
