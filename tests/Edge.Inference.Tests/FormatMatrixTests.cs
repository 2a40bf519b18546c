using System.Buffers.Binary;
using Edge.Graph;
using Edge.Imaging;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests;

/// <summary>Every source format × resize × layout × element type, from frame or file to result.</summary>
public sealed class FormatMatrixTests
{
    private const int Width = 10;
    private const int Height = 6;

    public static TheoryData<InputType, TensorLayout> Tensors()
    {
        var data = new TheoryData<InputType, TensorLayout>();
        foreach (InputType type in Enum.GetValues<InputType>())
        {
            foreach (TensorLayout layout in Enum.GetValues<TensorLayout>())
            {
                data.Add(type, layout);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Tensors))]
    public void Run_AnySource_AllocatesNothingAndFillsTheTensorWithLevels(InputType type, TensorLayout layout)
    {
        byte[][] files = [.. TestPackage.Images(31, 17, 1), .. TestPackage.Images(10, 6, 2)];
        foreach (ResizeMode resize in Enum.GetValues<ResizeMode>())
        {
            foreach (ResampleFilter filter in Enum.GetValues<ResampleFilter>())
            {
                foreach (ColorOrder order in Enum.GetValues<ColorOrder>())
                {
                    InputSpec spec = Spec(type, layout, resize, filter, order);
                    using VisionModel model = VisionModel.Open(Package(spec));
                    using VisionRunner runner = model.CreateRunner();
                    using var frame = new PixelBuffer();
                    void Round()
                    {
                        foreach (PixelFormat format in Formats)
                        {
                            frame.Resize(33, 21, format);
                            runner.Run(frame.View);
                        }
                        foreach (byte[] file in files)
                        {
                            runner.Run(file);
                        }
                    }
                    Round();
                    Assert.Equal(0, Allocations.Of(Round));
                    AssertLevels(spec, runner);
                }
            }
        }
    }

    [Fact]
    public void Of_QuantizedInput_IsTheFormulaSaturated()
    {
        InputSpec spec = Spec(InputType.Int8, TensorLayout.Nchw, ResizeMode.Stretch, ResampleFilter.Bilinear, ColorOrder.Grey) with
        {
            Mean = [0.5f],
            Std = [0.25f],
            Quantization = new InputQuantization { Scale = 0.0125f, ZeroPoint = -3 },
        };
        byte[] levels = InputLevels.Of(spec);
        for (int pixel = 0; pixel < 256; pixel++)
        {
            double value = ((pixel / 255.0) - 0.5) / 0.25;
            Assert.InRange((sbyte)levels[pixel] - Math.Clamp((value / 0.0125) - 3, -128, 127), -0.501, 0.501);
        }
        Assert.Equal((-128, 127), ((sbyte)levels[0], (sbyte)levels[255]));
        Assert.Equal((Half)1, BinaryPrimitives.ReadHalfLittleEndian(InputLevels.Of(spec with { Dtype = InputType.Float16, Quantization = null, Mean = [], Std = [] }).AsSpan(510)));
    }

    private static readonly PixelFormat[] Formats = Enum.GetValues<PixelFormat>();

    private static InputSpec Spec(InputType type, TensorLayout layout, ResizeMode resize, ResampleFilter filter, ColorOrder order) => new()
    {
        Width = Width,
        Height = Height,
        Channels = order == ColorOrder.Grey ? 1 : 3,
        ColorOrder = order,
        Dtype = type,
        Layout = layout,
        Resize = resize,
        Resample = filter,
        Quantization = type == InputType.Int8 ? new InputQuantization { Scale = 1 / 128f } : null,
    };

    private static Package Package(InputSpec spec)
    {
        TensorShape shape = spec.Layout == TensorLayout.Nchw ? TensorShape.Of(1, spec.Channels, Height, Width) : TensorShape.Of(1, Height, Width, spec.Channels);
        ElementType type = spec.Dtype switch
        {
            InputType.Float32 => ElementType.Float,
            InputType.Float16 => ElementType.Float16,
            InputType.Int8 => ElementType.Int8,
            _ => ElementType.UInt8,
        };
        byte[] model = TestPackage.OneNode("Cast", type, shape, outputType: ElementType.Float);
        string[] labels = [.. Enumerable.Range(0, Width * Height * spec.Channels).Select(i => $"{i}")];
        return TestPackage.Classifier(model, spec, new OutputSpec { Family = OutputSpec.Classifier, Scores = ScoreKind.Probabilities, TopK = 3 }, labels);
    }

    // The last image was noise of the model's own size: every element is the level of its pixel.
    private static void AssertLevels(InputSpec spec, VisionRunner runner)
    {
        byte[] levels = InputLevels.Of(spec);
        int size = InputLevels.ElementSize(spec.Dtype);
        ReadOnlySpan<byte> tensor = runner.Session.InputBytes();
        for (int i = 0; i < tensor.Length / size; i++)
        {
            int c = spec.Layout == TensorLayout.Nchw ? i / (Width * Height) : i % spec.Channels;
            ReadOnlySpan<byte> channel = levels.AsSpan(c * 256 * size, 256 * size);
            bool found = false;
            for (int level = 0; level < 256 && !found; level++)
            {
                found = channel.Slice(level * size, size).SequenceEqual(tensor.Slice(i * size, size));
            }
            Assert.True(found);
        }
    }
}
