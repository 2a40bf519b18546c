using Edge.Torch;
using Edge.Training.Detection;

namespace Edge.Training.Tests.Detection;

/// <summary>Batches in several sizes.</summary>
[Collection(nameof(TorchCollection))]
public sealed class BatchSizesTests
{
    [Fact]
    public void Of_ManyBatches_GivesAllMultiplesOf32WithinReach()
    {
        var sizes = new BatchSizes(160, 320, 0.3, seed: 1);
        (int Width, int Height)[] drawn = [.. Enumerable.Range(0, 300).Select(number => sizes.Of(number))];
        Assert.Equal([128, 160, 192], drawn.Select(size => size.Width).Distinct().Order());
        Assert.Equal([224, 256, 288, 320, 352, 384, 416], drawn.Select(size => size.Height).Distinct().Order());
        Assert.Equal(drawn, Enumerable.Range(0, 300).Select(number => new BatchSizes(160, 320, 0.3, seed: 1).Of(number)));
        Assert.NotEqual(drawn, Enumerable.Range(0, 300).Select(number => new BatchSizes(160, 320, 0.3, seed: 2).Of(number)));
    }

    [Fact]
    public void Scale_PicturesAndBoxes_StayTogether()
    {
        // A bright square of 16 at (32, 16), class 2, and a closed list behind it.
        float[] pixels = new float[64 * 64];
        for (int y = 16; y < 32; y++)
        {
            pixels.AsSpan((y * 64) + 32, 16).Fill(1);
        }
        using Tensor pictures = Tensor.From<float>(pixels, [1, 1, 64, 64]);
        using Tensor boxes = Tensor.From<float>([2, 40, 24, 16, 16, -1, 0, 0, 0, 0], [1, 2, 5]);
        var sizes = new BatchSizes(64, 64, 0.5, seed: 1);
        using Tensor larger = BatchSizes.Scale(pictures, (96, 32));
        using Tensor moved = sizes.ScaleBoxes(boxes, (96, 32));
        Assert.Equal([1, 1, 32, 96], larger.Shape);
        Assert.Equal([2, 60, 12, 24, 8, -1, 0, 0, 0, 0], moved.ToArray<float>());
        float[] levels = larger.ToArray<float>();
        Assert.Equal((1f, 0f, 0f), (levels[(12 * 96) + 60], levels[(12 * 96) + 40], levels[(20 * 96) + 60]));
    }

    [Fact]
    public void Compute_OtherSize_IsTheLossOfThatSize()
    {
        using Tensor target = Tensor.From<float>([1, 40, 24, 16, 16], [1, 1, 5]);
        float[] values = [.. Enumerable.Range(0, 189 * 7).Select(place => place % 7 < 4 ? 0.1f : 0.3f)];
        using Tensor output = Tensor.From<float>(values, [1, 189, 7]);
        using var own = new DetectionLoss(96, 96);
        using var other = new DetectionLoss(64, 64);
        using Tensor expected = own.Compute(output, target);
        using Tensor actual = other.Compute(output, target, 96, 96);
        Assert.Equal(expected.Item(), actual.Item());
        Assert.Throws<TrainingException>(() => other.Compute(output, target));
    }
}
