using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>Too much light: every value rises, and stops at white.</summary>
internal sealed class Brightness : Corruption
{
    private static readonly float[] Rises = [0.1f, 0.2f, 0.3f, 0.4f, 0.5f];

    public override string Name => "brightness";

    private protected override void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random)
    {
        foreach (ref float level in levels)
        {
            level += 255 * Rises[step];
        }
    }
}
