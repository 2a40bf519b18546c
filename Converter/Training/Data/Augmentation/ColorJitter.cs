using Edge.Foundation;

namespace Edge.Training.Data;

/// <summary>Changes brightness, contrast, saturation and hue; grey images have only the first two.</summary>
public sealed record ColorJitter : IAugmentation
{
    /// <summary>The most that levels are multiplied by: 0.2 is 0.8 to 1.2.</summary>
    public double Brightness { get; init; } = 0.2;

    /// <summary>The most that distances from the mean grey are multiplied by.</summary>
    public double Contrast { get; init; } = 0.2;

    /// <summary>The most that distances from a pixel's own grey are multiplied by.</summary>
    public double Saturation { get; init; } = 0.2;

    /// <summary>The most that colours are turned, either way, as a share of the full circle: in the plane of chroma (YIQ).</summary>
    public double Hue { get; init; }

    /// <inheritdoc/>
    public void Check(Field input)
    {
        AugmentationCheck.Image("color", input);
        AugmentationCheck.Range("color", "brightness", Brightness, 0, 1);
        AugmentationCheck.Range("color", "contrast", Contrast, 0, 1);
        AugmentationCheck.Range("color", "saturation", Saturation, 0, 1);
        AugmentationCheck.Range("color", "hue", Hue, 0, 0.5);
    }

    /// <inheritdoc/>
    public void Apply(AugmentedSample sample, ref SplitMix64 random)
    {
        float brightness = (float)Chance.Between(1 - Brightness, 1 + Brightness, ref random);
        float contrast = (float)Chance.Between(1 - Contrast, 1 + Contrast, ref random);
        float saturation = (float)Chance.Between(1 - Saturation, 1 + Saturation, ref random);
        (float sin, float cos) = MathF.SinCos((float)(Chance.Between(-Hue, Hue, ref random) * 2 * Math.PI));
        Span<float> values = sample.Values<float>();
        int plane = values.Length / sample.Field.Shape[0];
        bool isColor = sample.Field.Shape[0] == 3;
        if (isColor && (saturation != 1 || sin != 0))
        {
            Colors(values[..plane], values.Slice(plane, plane), values.Slice(2 * plane, plane), saturation * cos, saturation * sin);
        }
        if (brightness == 1 && contrast == 1)
        {
            Clamp(values);
            return;
        }
        float mean = isColor
            ? (0.299f * Mean(values[..plane])) + (0.587f * Mean(values.Slice(plane, plane))) + (0.114f * Mean(values.Slice(2 * plane, plane)))
            : Mean(values);
        float multiply = brightness * contrast, add = brightness * mean * (1 - contrast);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Clamp((values[i] * multiply) + add, 0, 255);
        }
    }

    /// <summary>Turns and stretches (I, Q) while Y stays.</summary>
    private static void Colors(Span<float> red, Span<float> green, Span<float> blue, float cos, float sin)
    {
        for (int i = 0; i < red.Length; i++)
        {
            float r = red[i], g = green[i], b = blue[i];
            float y = (0.299f * r) + (0.587f * g) + (0.114f * b);
            float inPhase = (0.596f * r) - (0.274f * g) - (0.322f * b), quadrature = (0.211f * r) - (0.523f * g) + (0.312f * b);
            float turnedI = (inPhase * cos) - (quadrature * sin), turnedQ = (inPhase * sin) + (quadrature * cos);
            red[i] = y + (0.956f * turnedI) + (0.621f * turnedQ);
            green[i] = y - (0.272f * turnedI) - (0.647f * turnedQ);
            blue[i] = y - (1.106f * turnedI) + (1.703f * turnedQ);
        }
    }

    private static float Mean(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
        {
            sum += value;
        }
        return (float)(sum / values.Length);
    }

    private static void Clamp(Span<float> values)
    {
        foreach (ref float value in values)
        {
            value = Math.Clamp(value, 0, 255);
        }
    }
}
