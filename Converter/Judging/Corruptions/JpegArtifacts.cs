using Edge.Foundation;

namespace Edge.Judging.Corruptions;

/// <summary>A stingy camera: the picture is stored as JPEG of low quality and read again.</summary>
internal sealed class JpegArtifacts : Corruption
{
    private static readonly int[] Qualities = [25, 18, 15, 10, 7];

    public override string Name => "jpeg";

    private protected override void Damage(Span<float> levels, PictureSize size, int step, ref SplitMix64 random) =>
        PictureCodec.ThroughJpeg(levels, size, Qualities[step]);
}
