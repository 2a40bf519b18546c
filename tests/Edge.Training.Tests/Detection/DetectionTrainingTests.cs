using Edge.Foundation;
using Edge.Graph;
using Edge.Imaging;
using Edge.Testing;
using Edge.Training.Data;
using Edge.Training.Detection;
using Edge.Training.Losses;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;
using Edge.Zoo;

namespace Edge.Training.Tests.Detection;

/// <summary>A detector that learns a few pictures by heart.</summary>
[Collection(nameof(TorchCollection))]
public sealed class DetectionTrainingTests
{
    private const int Side = 64;

    [Fact]
    public void Run_FewPictures_LearnsThemByHeart()
    {
        using var folder = new TemporaryFolder();
        Dataset samples = Squares(folder, 16).WithoutAugmentation().Prepare(Packages.Normalization.Unit(3));
        OnnxModel model = ZooCatalog.Build("edgedet-n", new ZooOptions { Channels = 3, Height = Side, Width = Side, Classes = 2, Multiplier = 0.5, Seed = 2 });
        var options = new TrainerOptions
        {
            Epochs = 100,
            BatchSize = 8,
            Loss = new LossOptions { Name = "detection" },
            Optimizer = new AdamOptions { LearningRate = 0.005 },
            Schedule = new OneCycleSchedule(),
            ValidationFraction = 0,
        };
        using var trainer = new Trainer(model, samples, options);
        TrainingResult result = trainer.Run(cancellationToken: TestContext.Current.CancellationToken);
        Judgement judgement = trainer.Evaluate(samples, TestContext.Current.CancellationToken);
        Assert.True(result.History[^1].TrainLoss < result.History[0].TrainLoss / 3, $"the loss went from {result.History[0].TrainLoss} to {result.History[^1].TrainLoss}");
        Assert.True(judgement.Boxes!.Ap50 > 0.9, $"AP50 {judgement.Boxes.Ap50}, loss {judgement.Loss}");
    }

    [Fact]
    public void Read_Augmented_MovesBoxesWithTheirPixels()
    {
        using var folder = new TemporaryFolder();
        var options = new DetectionOptions { Width = Side, Height = Side, Mosaic = 0.5, Mixup = 0, Degrees = 0, Hue = 0, Saturation = 0, Value = 0, LeastVisible = 0.9 };
        Dataset samples = Squares(folder, 8, options);
        var buffer = new SampleBuffer(samples);
        int seen = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            buffer.Read((int)(seed % 8), seed);
            float[] planes = buffer.Input<float>().ToArray();
            var boxes = new List<BoxTarget>();
            BoxTarget.Read(buffer.Target<float>(), boxes);
            foreach (BoxTarget box in boxes)
            {
                // Class 0 is red, class 1 green: the middle of a box shows its colour, whatever was done to it.
                int x = (int)((box.Box.Left + box.Box.Right) / 2), y = (int)((box.Box.Top + box.Box.Bottom) / 2);
                float strong = planes[(box.Class * Side * Side) + (y * Side) + x], weak = planes[((1 - box.Class) * Side * Side) + (y * Side) + x];
                Assert.True(strong > 200 && weak < 60, $"seed {seed}: {box} shows {strong} and {weak}");
                seen++;
            }
        }
        Assert.True(seen > 30, $"{seen} boxes");
    }

    [Fact]
    public void Read_SameSeed_GivesTheSameSample()
    {
        using var folder = new TemporaryFolder();
        Dataset samples = Squares(folder, 4, new DetectionOptions { Width = Side, Height = Side, Mosaic = 1, Mixup = 1 });
        (var one, var other) = (new SampleBuffer(samples), new SampleBuffer(samples));
        one.Read(1, 7);
        other.Read(1, 7);
        Assert.Equal(one.Input<float>().ToArray(), other.Input<float>().ToArray());
        Assert.Equal(one.Target<float>().ToArray(), other.Target<float>().ToArray());
        other.Read(1, 8);
        Assert.NotEqual(one.Input<float>().ToArray(), other.Input<float>().ToArray());
    }

    [Fact]
    public void Part_Mosaic_NeverShowsPicturesOfOtherParts()
    {
        using var folder = new TemporaryFolder();
        // The first picture alone: whatever a mosaic takes, it is this one.
        Dataset whole = Squares(folder, 8, new DetectionOptions { Width = Side, Height = Side, Mosaic = 1, Degrees = 0, Hue = 0, Saturation = 0, Value = 0, LeastVisible = 1 });
        Dataset part = whole.Part([0]);
        var plain = new SampleBuffer(part.WithoutAugmentation());
        plain.Read(0);
        float[] known = [.. plain.Target<float>().ToArray().Where((_, place) => place % 5 == 0).TakeWhile(number => number >= 0).Distinct()];
        var buffer = new SampleBuffer(part);
        for (ulong seed = 0; seed < 30; seed++)
        {
            buffer.Read(0, seed);
            var boxes = new List<BoxTarget>();
            BoxTarget.Read(buffer.Target<float>(), boxes);
            Assert.All(boxes, box => Assert.Contains(box.Class, known));
        }
    }

    [Fact]
    public void Read_WideAndHighPictures_LieAtTheUpperLeftAsOnDevices()
    {
        using var folder = new TemporaryFolder();
        var image = new AnnotatedImage(Save(folder, "wide.png", 128, 64, []), 128, 64, [TrueBox.Of(new PixelBox(32, 16, 64, 32), 0), new TrueBox(new PixelBox(0, 0, 128, 64), 0, 1, IsCrowd: true)]);
        var samples = new DetectionSamples(new DetectionDataset("one", ["thing"], [image]), new DetectionOptions { Width = Side, Height = Side });
        var buffer = new SampleBuffer(samples.WithoutAugmentation());
        buffer.Read(0);
        Assert.Equal([0f, 32, 16, 32, 16, -1], buffer.Target<float>()[..6].ToArray());
        Assert.Equal(114, buffer.Input<float>()[(Side * (Side - 1)) + 5]);
        Assert.Equal(90, buffer.Input<float>()[5]);
    }

    /// <summary>Red squares (class 0) and green ones (class 1) on grey.</summary>
    internal static DetectionSamples Squares(TemporaryFolder folder, int count, DetectionOptions? options = null)
    {
        var images = new List<AnnotatedImage>();
        for (int number = 0; number < count; number++)
        {
            var random = new SplitMix64((ulong)number);
            var boxes = new List<TrueBox>();
            for (int i = 0; i <= number % 2; i++)
            {
                int side = 14 + random.Below(14);
                // One in each half, so that they never lie over each other.
                boxes.Add(TrueBox.Of(new PixelBox(random.Below(Side - side), (i * 32) + random.Below(Math.Max(1, 32 - side)), side, Math.Min(side, 30)), (number + i) % 2));
            }
            images.Add(new AnnotatedImage(Save(folder, $"{number}.png", Side, Side, boxes), Side, Side, boxes));
        }
        return new DetectionSamples(new DetectionDataset("squares", ["red", "green"], images), options ?? new DetectionOptions { Width = Side, Height = Side });
    }

    private static string Save(TemporaryFolder folder, string name, int width, int height, List<TrueBox> boxes)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        pixels.Resize(width, height, PixelFormat.Rgb24);
        pixels.Pixels.Fill(90);
        var canvas = new Canvas(pixels);
        foreach (TrueBox box in boxes)
        {
            canvas.Fill((int)box.Box.X, (int)box.Box.Y, (int)(box.Box.X + box.Box.Width), (int)(box.Box.Y + box.Box.Height), box.Class == 0 ? new Color(250, 10, 10) : new Color(10, 250, 10));
        }
        string path = Path.Combine(folder.Path, name);
        File.WriteAllBytes(path, encoder.EncodePng(pixels).ToArray());
        return path;
    }
}
