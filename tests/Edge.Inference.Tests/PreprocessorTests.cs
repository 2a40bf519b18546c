using System.Runtime.InteropServices;
using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference.Tests;

public sealed class PreprocessorTests
{
    [Theory]
    [InlineData(TensorLayout.Nchw, ColorOrder.Rgb)]
    [InlineData(TensorLayout.Nhwc, ColorOrder.Bgr)]
    [InlineData(TensorLayout.Nchw, ColorOrder.Grey)]
    public void Run_SameSize_EqualsNormalizationToTheBit(TensorLayout layout, ColorOrder order)
    {
        int channels = order == ColorOrder.Grey ? 1 : 3;
        var spec = new InputSpec { Width = 37, Height = 21, Channels = channels, Layout = layout, ColorOrder = order, Mean = [.. new[] { 0.485f, 0.456f, 0.406f }[..channels]], Std = [0.225f] };
        var preprocessor = new Preprocessor(spec);
        var normalization = new Normalization(spec);
        using var image = new PixelBuffer();
        image.Resize(37, 21, preprocessor.Format);
        new Random(1).NextBytes(image.Pixels);
        float[] tensor = new float[preprocessor.ByteLength / sizeof(float)];
        preprocessor.Run(image.View, MemoryMarshal.AsBytes(tensor.AsSpan()));
        for (int i = 0; i < tensor.Length; i++)
        {
            int c = layout == TensorLayout.Nchw ? i / (37 * 21) : i % channels;
            int p = layout == TensorLayout.Nchw ? i % (37 * 21) : i / channels;
            Assert.Equal(BitConverter.SingleToInt32Bits(normalization.Apply(image.Pixels[(p * channels) + c], c)), BitConverter.SingleToInt32Bits(tensor[i]));
        }
    }

    [Fact]
    public void Run_LetterboxTopLeft_PadsAtTheRightAndBelow()
    {
        var spec = new InputSpec { Width = 4, Height = 4, Channels = 1, ColorOrder = ColorOrder.Grey, Resize = ResizeMode.Letterbox, PaddingPlace = PaddingPlace.TopLeft, Scale = 1 };
        using var image = new PixelBuffer();
        image.Resize(4, 2, PixelFormat.Grey8);
        image.Pixels.Fill(9);
        float[] tensor = new float[16];
        var preprocessor = new Preprocessor(spec);
        Placement placement = preprocessor.Run(image.View, MemoryMarshal.AsBytes(tensor.AsSpan()));
        Assert.Equal([9, 9, 9, 9, 9, 9, 9, 9, 114, 114, 114, 114, 114, 114, 114, 114], tensor);
        Assert.Equal((4, 2), (placement.TargetWidth, placement.TargetHeight));
    }
}
