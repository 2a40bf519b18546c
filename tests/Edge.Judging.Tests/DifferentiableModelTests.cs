using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Judging.Explaining;
using Edge.Torch;
using Edge.Training.Metrics;
using Edge.Zoo;

namespace Edge.Judging.Tests;

[Collection(nameof(TorchCollection))]
public sealed class DifferentiableModelTests
{
    private static readonly float[] Input = [0.3f, -1, 0.7f, 2, 0, -0.4f];

    [Fact]
    public void LossGradients_SmoothNet_AreFiniteDifferences()
    {
        using var model = new DifferentiableModel(Nets.Smooth(), [6], "smooth");
        float[] gradients = new float[6];
        model.LossGradients(Input, [2], gradients);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal((Loss(model, i, 1e-2f) - Loss(model, i, -1e-2f)) / 2e-2, gradients[i], 2e-4);
        }
    }

    [Fact]
    public void ScoreGradients_SeveralSamples_AreThoseOfEachAlone()
    {
        using var model = new DifferentiableModel(Nets.Smooth(), [6], "smooth");
        float[] two = [.. Input, .. Input.Reverse()];
        float[] together = new float[12];
        float[] scores = model.ScoreGradients(two, [1, 0], together);
        float[] alone = new float[6];
        Assert.Equal(model.ScoreGradients(two.AsSpan(6), [0], alone), scores[3..]);
        Assert.Equal(alone, together[6..]);
    }

    [Fact]
    public void Scores_FinalSoftmax_IsLeftOut()
    {
        using var plain = new DifferentiableModel(Nets.BrightOrDark(), [1, 12, 12], "plain");
        using var wrapped = new DifferentiableModel(Nets.BrightOrDark(softmax: true), [1, 12, 12], "wrapped");
        Assert.Equal(plain.Scores(Nets.Spot(2, 3), 1), wrapped.Scores(Nets.Spot(2, 3), 1));
    }

    [Fact]
    public void Scores_FixedBatch_AreThoseOfAnyBatch()
    {
        using var free = new DifferentiableModel(Nets.BrightOrDark(), [1, 12, 12], "free");
        using var fixedBatch = new DifferentiableModel(Nets.BrightOrDark(batch: 2), [1, 12, 12], "fixed");
        float[] three = [.. Nets.Spot(0, 0), .. Nets.Spot(5, 5), .. new float[144]];
        Assert.Equal(free.Scores(three, 3), fixedBatch.Scores(three, 3));
        float[] a = new float[three.Length];
        float[] b = new float[three.Length];
        free.LossGradients(three, [0, 1, 0], a);
        fixedBatch.LossGradients(three, [0, 1, 0], b);
        Assert.Equal(a, b);
    }

    [Fact]
    public void Scores_ZooNet_AreOnnxRuntimes()
    {
        OnnxModel net = ConvNet.Build(new ZooOptions { Classes = 5, Height = 16, Width = 16 });
        using var model = new DifferentiableModel(net, [1, 16, 16], "convnet");
        using var engine = new EngineSession(net);
        float[] picture = [.. Enumerable.Range(0, 256).Select(i => MathF.Sin(i))];
        float[] expected = engine.Run(new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.From<float>(picture, 1, 1, 16, 16) })[0].ToArray<float>();
        Assert.All(expected.Zip(model.Scores(picture, 1)), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Constructor_IntegerInput_IsRefused()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Int64, TensorShape.Of("n", 4));
        graph.AddOutput(graph.AddNode("Neg", [x], ["y"], "neg").Outputs[0]!);
        Assert.Contains("not float", Assert.Throws<JudgingException>(() => new DifferentiableModel(new OnnxModel(graph), [4], "g")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManyTimes_LeavesNoNativeTensor()
    {
        long before = Libtorch.LiveTensors;
        using (var model = new DifferentiableModel(Nets.BrightOrDark(), [1, 12, 12], "net", "active"))
        {
            _ = GradCam.Of(model, Nets.Spot(1, 1), 0);
            long after = Libtorch.LiveTensors;
            for (int i = 0; i < 20; i++)
            {
                _ = GradCam.Of(model, Nets.Spot(1, 1), 0);
                _ = IntegratedGradients.Of(model, Nets.Spot(1, 1), new float[144], 1, steps: 4);
            }
            Assert.InRange(Libtorch.LiveTensors, 0, after);
        }
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    private static double Loss(DifferentiableModel model, int place, float by)
    {
        float[] moved = [.. Input];
        moved[place] += by;
        float[] scores = model.Scores(moved, 1);
        return Softmax.LogSumExp(scores) - scores[2];
    }
}
