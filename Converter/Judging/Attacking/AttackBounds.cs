using Edge.Packages;

namespace Edge.Judging.Attacking;

/// <summary>What an attacker may make of an input, in the units of the data: levels from 0 to 255, or standard deviations.</summary>
/// <param name="Scale">What one unit is in the model's input, one a channel.</param>
/// <param name="Low">The smallest value that may occur, one a channel, as the model takes it.</param>
/// <param name="High">The largest.</param>
/// <param name="Inner">How many values of one channel lie one behind the other.</param>
public sealed record AttackBounds(float[] Scale, float[] Low, float[] High, int Inner)
{
    /// <summary>Pictures of levels from 0 to 255, channels one behind the other.</summary>
    /// <param name="normalization">What makes the model's input of levels.</param>
    /// <param name="plane">Pixels of a channel; 1 where the channels of a pixel lie side by side.</param>
    public static AttackBounds OfPictures(Normalization normalization, int plane)
    {
        ArgumentNullException.ThrowIfNull(normalization);
        float[] scale = normalization.Multiply.ToArray();
        float[] low = [.. Enumerable.Range(0, scale.Length).Select(channel => normalization.Apply((byte)0, channel))];
        float[] high = [.. Enumerable.Range(0, scale.Length).Select(channel => normalization.Apply((byte)255, channel))];
        return new AttackBounds(scale, low, high, plane);
    }

    /// <summary>Inputs of any size, such as normalised readings: one unit is 1.</summary>
    public static AttackBounds None { get; } = new([1], [float.NegativeInfinity], [float.PositiveInfinity], 1);

    /// <summary>Puts a changed input back to where it may be: near the clean one, and possible.</summary>
    /// <param name="changed">Samples one behind the other; replaced.</param>
    /// <param name="clean">As many values.</param>
    /// <param name="epsilon">How far a value may be from the clean one, in units of the data.</param>
    internal void Project(Span<float> changed, ReadOnlySpan<float> clean, float epsilon)
    {
        for (int i = 0; i < changed.Length; i++)
        {
            int channel = Channel(i);
            float reach = epsilon * Scale[channel];
            changed[i] = Math.Clamp(
                changed[i], Math.Min(clean[i], Math.Max(Low[channel], clean[i] - reach)), Math.Max(clean[i], Math.Min(High[channel], clean[i] + reach)));
        }
    }

    /// <summary>The channel of a value.</summary>
    internal int Channel(int index) => index / Inner % Scale.Length;
}
