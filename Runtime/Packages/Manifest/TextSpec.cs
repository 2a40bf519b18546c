namespace Edge.Packages;

/// <summary>How a text becomes the model's input tensor, int64 <c>[1, length]</c>: cut and numbered by the package's vocabulary.</summary>
public sealed record TextSpec
{
    /// <summary>The model's input by name; null where the model has only one.</summary>
    public string? Tensor { get; init; }

    /// <summary>Tokens of the input; longer texts are cut, shorter ones filled up.</summary>
    public required int Length { get; init; }

    /// <summary>Checks every field.</summary>
    /// <exception cref="PackageException">A field is out of range; the message names it.</exception>
    public void Validate()
    {
        Check.That(Tensor is null || Tensor.Length is > 0 and <= 1024, "text.tensor", "must be 1 to 1024 characters");
        Check.That(Length is >= 1 and <= 1 << 16, "text.length", "must be 1 to 65,536");
    }
}
