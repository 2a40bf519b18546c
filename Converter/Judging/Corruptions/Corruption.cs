using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>
/// What happens to pictures in the field, at five strengths (Hendrycks and Dietterich, "Benchmarking neural network robustness
/// to common corruptions and perturbations", 2019). Each kind is one file, and one line in <see cref="All"/>.
/// </summary>
public abstract class Corruption
{
    /// <summary>The strongest; the weakest is 1.</summary>
    public const int Strengths = 5;

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<Corruption> All { get; } = [new GaussianNoise(), new GaussianBlur(), new Brightness(), new JpegArtifacts(), new Pixelate()];

    /// <summary>What people call it.</summary>
    public abstract string Name { get; }

    /// <summary>Damages a picture; what comes out are whole levels again.</summary>
    /// <param name="levels">[C,H,W], 0–255; replaced.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="strength">1 to <see cref="Strengths"/>.</param>
    /// <param name="seed">The same seed gives the same damage.</param>
    /// <exception cref="ArgumentException">The picture has another size, or there is no such strength.</exception>
    public void Apply(Span<float> levels, PictureSize size, int strength, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(strength, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(strength, Strengths);
        if (levels.Length != size.Length)
        {
            throw new ArgumentException($"{levels.Length} levels are no picture of {size}", nameof(levels));
        }
        var random = new SplitMix64(seed);
        Damage(levels, size, strength - 1, ref random);
        foreach (ref float level in levels)
        {
            level = PictureCodec.Level(level);
        }
    }

    /// <summary>Damages a picture; levels may leave their range.</summary>
    /// <param name="levels">[C,H,W], 0–255.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="step">0 (weakest) to 4.</param>
    /// <param name="random">The source of chance.</param>
    private protected abstract void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random);
}
