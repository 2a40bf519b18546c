using Edge.Foundation;
using Edge.Graph;
using Edge.Testing;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Optimizers;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class GanTrainerTests
{
    private static readonly TrainerOptions Options = new() { Epochs = 6, BatchSize = 32, ValidationFraction = 0, Optimizer = new AdamOptions { LearningRate = 0.01, Beta1 = 0.5 } };

    [Fact]
    public void Run_PointsAroundTwo_GeneratorGoesThere()
    {
        OnnxModel generator = Dense("generator", "noise", 2, 2), discriminator = Dense("discriminator", "sample", 2, 1);
        long before = Libtorch.LiveTensors;
        using (var trainer = new GanTrainer(generator, discriminator, new Points(640), Options, new GanOptions()))
        {
            double start = trainer.Sample(64, 1).Average();
            TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
            Assert.Equal(StopReason.Completed, result.Reason);
            Assert.Equal(6 * 20, result.Steps);
            double end = trainer.Sample(64, 1).Average();
            Assert.True(Math.Abs(end - 2) < Math.Abs(start - 2) / 2, $"from {start} to {end}");
            Assert.Equal(trainer.Sample(3, 9), trainer.Sample(3, 9));
        }
        Assert.Equal(before, Libtorch.LiveTensors);
        Assert.Empty(ModelVerifier.Verify(generator));
        Assert.Empty(ModelVerifier.Verify(discriminator));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBits()
    {
        Assert.Equal(Trained(), Trained());

        static byte[] Trained()
        {
            OnnxModel generator = Dense("generator", "noise", 2, 2);
            using var trainer = new GanTrainer(generator, Dense("discriminator", "sample", 2, 1), new Points(64), Options with { Epochs = 2 }, new GanOptions());
            trainer.Run(null, TestContext.Current.CancellationToken);
            return generator.ToBytes();
        }
    }

    [Fact]
    public void Resume_InterruptedWithinAnEpoch_GivesTheBitsOfOneRun()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with { Epochs = 4, BatchSize = 8 };
        OnnxModel whole = Dense("generator", "noise", 2, 2), wholeJudge = Dense("discriminator", "sample", 2, 1);
        using (var trainer = new GanTrainer(whole, wholeJudge, new Points(64), options, new GanOptions()))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        TrainerOptions kept = options with { CheckpointPath = folder["pair.onnx"], ProgressInterval = TimeSpan.Zero };
        using var stop = new CancellationTokenSource();
        using (var trainer = new GanTrainer(Dense("generator", "noise", 2, 2), Dense("discriminator", "sample", 2, 1), new Points(64), kept, new GanOptions()))
        {
            Assert.Equal(StopReason.Cancelled, trainer.Run(new StopAt(stop, epoch: 2, step: 3), stop.Token).Reason);
        }
        OnnxModel judge = Dense("discriminator", "sample", 2, 1);
        using GanTrainer resumed = GanTrainer.Resume(folder["pair.onnx"], judge, new Points(64), kept, new GanOptions());
        Assert.Single(resumed.History);
        Assert.Equal(StopReason.Completed, resumed.Run(null, TestContext.Current.CancellationToken).Reason);
        Assert.Equal(Weights(whole), Weights(resumed.Generator));
        Assert.Equal(Weights(wholeJudge), Weights(judge));

        static IEnumerable<byte[]> Weights(OnnxModel model) => model.Graph.Initializers.Select(value => value.Constant!.Bytes.ToArray());
    }

    [Fact]
    public void Resume_CheckpointOfAnotherSeed_IsRefused()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions kept = Options with { Epochs = 1, CheckpointPath = folder["pair.onnx"] };
        using (var trainer = new GanTrainer(Dense("generator", "noise", 2, 2), Dense("discriminator", "sample", 2, 1), new Points(64), kept, new GanOptions()))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        var e = Assert.Throws<TrainingException>(() => GanTrainer.Resume(folder["pair.onnx"], Dense("discriminator", "sample", 2, 1), new Points(64), kept with { Seed = 2 }, new GanOptions()));
        Assert.Contains("seed", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OptionThatAPairHasNoUseFor_IsRefused()
    {
        var e = Assert.Throws<TrainingException>(() => new GanTrainer(
            Dense("generator", "noise", 2, 2), Dense("discriminator", "sample", 2, 1), new Points(8), Options with { Average = 0.9 }, new GanOptions()));
        Assert.Contains("training.average", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_NoNoiseInput_SaysSo()
    {
        var graph = new OnnxGraph("still");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", "m"));
        graph.AddOutput(graph.AddNode("Relu", [x], ["y"]).Outputs[0]!);
        var e = Assert.Throws<TrainingException>(() => new GanTrainer(new OnnxModel(graph), Dense("d", "sample", 2, 1), new Points(8), Options, new GanOptions()));
        Assert.Contains("no generator", e.Message, StringComparison.Ordinal);
    }

    private static OnnxModel Dense(string name, string input, int inputs, int outputs)
    {
        const int Hidden = 16;
        var random = new Random(inputs + outputs);
        var graph = new OnnxGraph(name);
        Value x = graph.AddInput(input, ElementType.Float, TensorShape.Of("n", inputs));
        Value hidden = graph.AddNode("Gemm", [x, Weights("w1", inputs, Hidden), Weights("b1", Hidden)], ["h"]).Outputs[0]!;
        Value active = graph.AddNode("LeakyRelu", [hidden], ["a"]).Outputs[0]!;
        graph.AddOutput(graph.AddNode("Gemm", [active, Weights("w2", Hidden, outputs), Weights("b2", outputs)], ["y"]).Outputs[0]!);
        return new OnnxModel(graph);

        Value Weights(string key, params long[] shape) => graph.AddInitializer(
            key, OnnxTensor.From<float>([.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => random.NextSingle() - 0.5f)], shape));
    }

    /// <summary>Cancels at a step.</summary>
    private sealed class StopAt(CancellationTokenSource source, int epoch, int step) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch && value.Step == step)
            {
                source.Cancel();
            }
        }
    }

    /// <summary>Points in the plane near (2, 2).</summary>
    private sealed class Points(int count) : Dataset
    {
        public override string Name => "points";

        public override int Count => count;

        public override IReadOnlyList<Field> Inputs { get; } = [new Field("sample", DataType.Float32, 2)];

        public override TargetKind TargetKind => TargetKind.Input;

        public override Field? Target => null;

        public override void Read(int index, SampleSlots slots, ref SplitMix64 random)
        {
            var own = new SplitMix64((ulong)index);
            foreach (ref float value in slots.Input<float>())
            {
                value = (float)(1.5 + own.NextDouble());
            }
        }
    }
}
