namespace Edge.Quantizer.Qat;

/// <summary>How a quantized model is trained.</summary>
public sealed record QatOptions
{
    /// <summary>How often every batch is seen.</summary>
    public int Epochs { get; init; } = 2;

    /// <summary>By how much of its typical size a weight or a scale moves in a step, at most; it falls to 0 by a cosine.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Refuses options that make no sense.</summary>
    /// <exception cref="QuantizationException">One does not; the message names it.</exception>
    public void Validate()
    {
        if (Epochs is < 1 or > 10_000)
        {
            throw new QuantizationException($"{Epochs} epochs of training: use 1 to 10000");
        }
        if (LearningRate is not (> 0 and < 1))
        {
            throw new QuantizationException($"learning rate {LearningRate}: use a number above 0 and below 1");
        }
    }
}
