using Edge.Imaging;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class YoloXTests
{
    private const int Side = 64;
    private const int Anchors = 64 + 16 + 4;
    private const int Width = 5 + 3;
    private static readonly InputSpec Input = new() { Width = Side, Height = Side, Channels = 3 };
    private static readonly OutputSpec Output = new() { Family = OutputSpec.YoloX, Threshold = 0.25f, IouThreshold = 0.5f, MaxDetections = 10 };

    [Fact]
    public void Decode_OneAnchorALevel_GivesItsBox()
    {
        // Level 1 (stride 16) row 2, column 3: its anchors follow the 64 of level 0.
        VisionResult result = Run((64 + (2 * 4) + 3, [0.5f, -0.25f, MathF.Log(2), MathF.Log(1.5f), 0.9f, 0.1f, 0.2f, 0.8f]));
        Detection box = Assert.Single(result.Detections.ToArray());
        Assert.Equal(2, box.Class);
        Assert.Equal(0.72f, box.Score, 1e-6f);
        Assert.Equal(((3.5f * 16) - 16, (1.75f * 16) - 12, 64f, (1.75f * 16) + 12), (box.Left, box.Top, box.Right, box.Bottom));
    }

    [Fact]
    public void Run_OverlappingBoxes_KeepsTheSurestOfEachClass()
    {
        VisionResult result = Run(
            (9, [0.5f, 0.5f, 1, 1, 0.9f, 0.9f, 0, 0]),
            (10, [-0.4f, 0.5f, 1, 1, 0.8f, 0.9f, 0, 0]),
            (17, [0.5f, -0.4f, 1, 1, 0.7f, 0, 0.9f, 0]),
            (30, [0.5f, 0.5f, 1, 1, 0.26f, 0.9f, 0, 0]),
            (63, [0.5f, 0.5f, 1, 1, 0.3f, 0.9f, 0, 0]));
        Assert.Equal([(0, 0.81f), (1, 0.63f), (0, 0.27f)], result.Detections.ToArray().Select(d => (d.Class, MathF.Round(d.Score, 4))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    [InlineData(0.5f)]
    public void Run_EveryValueTheSame_GivesBoxesInsideTheImage(float value)
    {
        (HeadContext context, ModelSession session) = TestPackage.Identity(Anchors, Width, Input, Output);
        using (session)
        {
            session.Input<float>().Fill(value);
            foreach (Detection box in Postprocess(context, session).Detections)
            {
                Assert.True(box is { Left: >= 0, Top: >= 0, Right: <= Side, Bottom: <= Side, Width: > 0, Height: > 0, Score: > 0 and <= 1 }, $"{box}");
            }
        }
    }

    [Fact]
    public void Create_OutputOfAnotherShape_IsRefused()
    {
        foreach ((int anchors, int width) in ((int, int)[])[(Anchors + 2, Width), (Anchors, 5)])
        {
            (HeadContext context, ModelSession session) = TestPackage.Identity(anchors, width, Input, Output);
            using (session)
            {
                Assert.Contains("not those of a 'yolox' model", Assert.Throws<InferenceException>(() => new DetectionPostprocessor(context, null)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Sorted_MoreThanTheCapacity_KeepsTheSurest()
    {
        var list = new CandidateList();
        var random = new Random(3);
        float[] scores = [.. Enumerable.Range(0, 100_000).Select(_ => random.Next(5000) / 5000f)];
        foreach (float score in scores)
        {
            list.Add(0, 0, 1, 1, 0, score);
        }
        Candidate[] expected = [.. scores.Select((score, i) => new Candidate(0, 0, 1, 1, 0, score, i)).OrderByDescending(c => c.Score).ThenBy(c => c.Order).Take(CandidateList.Capacity)];
        Assert.Equal(expected, list.Sorted().ToArray());
    }

    [Fact]
    public void Run_PhotoWithDog_FindsDogBicycleAndTruck()
    {
        using VisionModel model = VisionModel.Open(TestPackage.YoloXNano(), new SessionSettings { Threads = 1 });
        using VisionRunner runner = model.CreateRunner();
        byte[] photo = File.ReadAllBytes(SharedData.Path("images", "darknet", "dog.jpg"));
        VisionResult result = runner.Run(photo, "dog.jpg");
        Assert.Equal((768, 576), (result.SourceWidth, result.SourceHeight));
        // COCO: 1 bicycle, 7 truck, 16 dog, where everybody sees them in this photo.
        AssertNear(result, 16, (130, 220, 310, 545));
        AssertNear(result, 1, (125, 130, 570, 425));
        AssertNear(result, 7, (465, 75, 690, 170));
        Assert.Equal(0, Allocations.Of(() => runner.Run(photo, "dog.jpg")));
    }

    [Fact]
    public void CreateRunner_TwoThreads_ShareTheModelAndOutliveIt()
    {
        VisionModel model = VisionModel.Open(TestPackage.Classifier(), new SessionSettings { Threads = 1 });
        VisionRunner[] runners = [model.CreateRunner(), model.CreateRunner()];
        model.Dispose();
        byte[][] images = TestPackage.Images(28, 28, 5);
        ClassScore[][] expected = [.. images.Select(image => runners[0].Run(image).Classes.ToArray())];
        Parallel.For(0, 2, i =>
        {
            for (int round = 0; round < 200; round++)
            {
                Assert.Equal(expected[i], runners[i].Run(images[i]).Classes.ToArray());
            }
        });
        runners[0].Dispose();
        Assert.Equal(expected[1], runners[1].Run(images[1]).Classes.ToArray());
        runners[1].Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.CreateRunner());
    }

    private static void AssertNear(VisionResult result, int classIndex, (float Left, float Top, float Right, float Bottom) expected)
    {
        foreach (Detection box in result.Detections)
        {
            var found = new Candidate(box.Left, box.Top, box.Right, box.Bottom, box.Class, box.Score, 0);
            if (box.Class == classIndex && found.Overlap(new Candidate(expected.Left, expected.Top, expected.Right, expected.Bottom, 0, 0, 0)) > 0.75f)
            {
                return;
            }
        }
        Assert.Fail($"no box of class {classIndex} near {expected}; found {string.Join("; ", result.Detections.ToArray())}");
    }

    private static VisionResult Run(params (int Anchor, float[] Values)[] anchors)
    {
        (HeadContext context, ModelSession session) = TestPackage.Identity(Anchors, Width, Input, Output);
        using (session)
        {
            foreach ((int anchor, float[] values) in anchors)
            {
                values.CopyTo(session.Input<float>()[(anchor * Width)..]);
            }
            return Postprocess(context, session);
        }
    }

    private static VisionResult Postprocess(HeadContext context, ModelSession session)
    {
        session.Run();
        var result = new VisionResult(ModelTask.Detect, 0, 10) { SourceWidth = Side, SourceHeight = Side };
        new DetectionPostprocessor(context, null).Run(session, Placement.Stretch(Side, Side, Side, Side), result);
        return result;
    }
}
