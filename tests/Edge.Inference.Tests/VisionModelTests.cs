using Edge.Graph;
using Edge.Imaging;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class VisionModelTests
{
    [Fact]
    public void Run_PngOfTheModelsSize_EqualsHandMadeInput()
    {
        using VisionModel model = VisionModel.Open(TestPackage.Classifier());
        using VisionRunner runner = model.CreateRunner();
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        using var encoder = new ImageEncoder();
        using var pixels = new PixelBuffer();
        pixels.Resize(28, 28, PixelFormat.Grey8);
        new Random(2).NextBytes(pixels.Pixels);
        ClassScore[] best = runner.Run(encoder.EncodePng(pixels)).Classes.ToArray();

        var normalization = new Normalization(TestPackage.Grey28);
        for (int i = 0; i < 784; i++)
        {
            session.Input<float>()[i] = normalization.Apply(pixels.Pixels[i], 0);
        }
        session.Run();
        Assert.Equal(session.Input<float>().ToArray(), runner.Session.Input<float>().ToArray());
        Assert.Equal(session.Output().ToArray(), runner.Session.Output().ToArray());
        Assert.Equal(3, best.Length);
        float[] logits = session.Output().ToArray();
        Assert.Equal(logits.Select((v, i) => (v, i)).OrderByDescending(p => p.v).Take(3).Select(p => p.i), best.Select(b => b.Index));
        Assert.Equal($"class {best[0].Index}", model.Labels[best[0].Index]);
    }

    [Theory]
    [InlineData(ResizeMode.Stretch)]
    [InlineData(ResizeMode.Letterbox)]
    [InlineData(ResizeMode.Crop)]
    public void Run_JpegAndPng_AllocatesNothing(ResizeMode resize)
    {
        using VisionModel model = VisionModel.Open(TestPackage.Classifier(input: TestPackage.Grey28 with { Resize = resize }));
        using VisionRunner runner = model.CreateRunner();
        byte[][] images = [.. TestPackage.Images(28, 28, 1), .. TestPackage.Images(64, 48, 2), .. TestPackage.Images(31, 90, 3)];
        var histogram = new LatencyHistogram();
        void Round()
        {
            foreach (byte[] image in images)
            {
                histogram.Record(runner.Run(image, "image").Timings.Total);
            }
        }
        Round();
        Round();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                Round();
            }
        }));
        Assert.True(histogram.Count >= 132);
    }

    [Fact]
    public void Run_UInt8Model_SeesThePixels()
    {
        byte[] planar = TestPackage.OneNode("Cast", ElementType.UInt8, TensorShape.Of("batch", 1, 2, 3), outputType: ElementType.Float);
        var input = new InputSpec { Width = 3, Height = 1, Channels = 3, Dtype = InputType.UInt8 };
        byte[] nhwc = TestPackage.OneNode("Cast", ElementType.UInt8, TensorShape.Of("batch", 1, 3, 3), outputType: ElementType.Float);
        Package package = TestPackage.Classifier(nhwc, input with { Layout = TensorLayout.Nhwc, ColorOrder = ColorOrder.Bgr }, new OutputSpec { Family = OutputSpec.Classifier, TopK = 9, Scores = ScoreKind.Probabilities }, [.. Enumerable.Range(0, 9).Select(i => $"{i}")]);
        using VisionModel model = VisionModel.Open(package);
        using VisionRunner runner = model.CreateRunner();
        using var encoder = new ImageEncoder();
        using var pixels = new PixelBuffer();
        pixels.Resize(3, 1, PixelFormat.Rgb24);
        new byte[] { 10, 20, 30, 40, 50, 60, 70, 80, 90 }.CopyTo(pixels.Pixels);
        runner.Run(encoder.EncodePng(pixels));
        Assert.Equal([30, 20, 10, 60, 50, 40, 90, 80, 70], runner.Session.Output().ToArray());
        Assert.Throws<InferenceException>(() => VisionModel.Open(TestPackage.Classifier(planar, input)));
    }

    [Fact]
    public void Run_NoImage_NamesIt()
    {
        using VisionModel model = VisionModel.Open(TestPackage.Classifier());
        using VisionRunner runner = model.CreateRunner();
        Assert.StartsWith("cat.jpg: ", Assert.Throws<ImageException>(() => runner.Run("meow"u8, "cat.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_PackageThatDoesNotFit_SaysWhy()
    {
        foreach ((Package package, string expected) in ((Package, string)[])[
            (TestPackage.Classifier(labels: ["a", "b"]), "labels.txt names 2"),
            (TestPackage.Classifier(task: ModelTask.Anomaly), "task"),
            (TestPackage.Classifier(output: new OutputSpec { Family = "yolox" }), "'yolox' is not known"),
            (TestPackage.Classifier(task: ModelTask.Detect), "'classifier' is not known to this runtime"),
            (TestPackage.Classifier(output: new OutputSpec { Family = "yolox" }, task: ModelTask.Detect), "not those of a 'yolox' model"),
            (TestPackage.Classifier(output: new OutputSpec { Family = OutputSpec.Classifier, Tensor = "scores" }), "no output 'scores'"),
            (TestPackage.Classifier("garbage"u8.ToArray()), "cannot load the model")])
        {
            Assert.Contains(expected, Assert.Throws<InferenceException>(() => VisionModel.Open(package)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Run_GoldenInputs_PassOrNameTheCase()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        byte[] input = TestPackage.Bytes([.. Enumerable.Range(0, 784).Select(i => i / 784f)]);
        byte[] output = GoldenCheck.Record(session, input);
        byte[] wrong = [.. output];
        wrong[3] ^= 0x40;
        var golden = new GoldenSpec { Cases = [new GoldenCase { Input = "golden/0.input", Output = "golden/0.output" }, new GoldenCase { Input = "golden/1.input", Output = "golden/1.output" }] };
        Package Make(byte[] second) => TestPackage.Classifier(golden: golden, more: [
            new PackageContent("golden/0.input", input), new PackageContent("golden/0.output", output),
            new PackageContent("golden/1.input", input), new PackageContent("golden/1.output", second)]);
        GoldenResult good = GoldenCheck.Run(Make(output), session);
        Assert.True(good.Passed);
        Assert.Equal((2, 0f), (good.Cases, good.LargestDifference));
        GoldenResult bad = GoldenCheck.Run(Make(wrong), session);
        Assert.Equal("golden/1.input", bad.Failed);
        Assert.Throws<InferenceException>(() => GoldenCheck.Run(Make(output[..4]), session));
        Assert.True(GoldenCheck.Run(TestPackage.Classifier(), session).Passed);
    }
}
