using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Testing;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Losses;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;
using Edge.Zoo;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class TrainerTests
{
    private static readonly TrainerOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 16,
        ValidationFraction = 0.2,
        Seed = 3,
        Schedule = new CosineSchedule(),
    };

    [Fact]
    public void Run_Convnet_LearnsAndReports()
    {
        Dataset data = TestData.Bars(400);
        OnnxModel model = Net(dropout: 0.2f);
        var reports = new Collector();
        using var trainer = new Trainer(model, data, Options with { ProgressInterval = TimeSpan.Zero });
        TrainingResult result = trainer.Run(reports, TestContext.Current.CancellationToken);

        Assert.Equal(StopReason.Completed, result.Reason);
        Assert.Equal(2, result.History.Count);
        Assert.Equal(40, result.Steps);
        Assert.True(result.History[1].TrainLoss < result.History[0].TrainLoss);
        Assert.True(result.History[1].ValidationAccuracy > 0.95, $"accuracy {result.History[1].ValidationAccuracy}");
        Assert.Equal(40, reports.Items.Count);
        Assert.Equal(20, reports.Items[^1].Step);
        Assert.True(reports.Items[^1].SamplesPerSecond > 0);
        Assert.Equal(TimeSpan.Zero, reports.Items[^1].TimeLeft);

        Dataset test = TestData.Bars(100, seed: 8);
        ClassificationMetrics here = trainer.Evaluate(test, TestContext.Current.CancellationToken).Classes!;
        ClassificationMetrics engine = WithOnnxRuntime(OnnxModel.Parse(model.ToBytes()), test);
        Assert.Equal(engine.ToConfusionRows(), here.ToConfusionRows());
        Assert.Equal(engine.Loss, here.Loss, 1e-5);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("rmsprop")]
    public void Resume_AfterCancelMidEpoch_EndsAtTheSameBits(string optimizer)
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with { Optimizer = OptimizerOptions.Parse(optimizer), CheckpointPath = folder["run.onnx"] };
        Dataset data = TestData.Bars(400);

        OnnxModel straight = Net(dropout: 0.3f);
        using (var trainer = new Trainer(straight, data, options with { CheckpointPath = null }))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }

        using var stop = new CancellationTokenSource();
        using (var trainer = new Trainer(Net(dropout: 0.3f), data, options with { ProgressInterval = TimeSpan.Zero }))
        {
            TrainingResult cut = trainer.Run(new StopAt(stop, step: 27), stop.Token);
            Assert.Equal(StopReason.Cancelled, cut.Reason);
            Assert.Equal(27, cut.Steps);
        }
        using Trainer resumed = Trainer.Resume(folder["run.onnx"], data, options);
        TrainingResult result = resumed.Run(null, TestContext.Current.CancellationToken);

        Assert.Equal(40, result.Steps);
        Assert.Equal(2, result.History.Count);
        AssertSameWeights(straight, resumed.Model);
        Assert.Equal(Count(straight), Count(resumed.Model));
        Assert.False(Checkpoint.IsCheckpoint(resumed.Model));
    }

    [Fact]
    public void Resume_AveragesAccumulationAndBest_EndsAtTheSameBits()
    {
        using var folder = new TemporaryFolder();
        TrainerOptions options = Options with
        {
            Epochs = 3,
            Accumulate = 3,
            Average = 0.9,
            ClipNorm = 0.5,
            ClipValue = 0.1,
            KeepBest = true,
            Schedule = new PlateauSchedule { Patience = 1, Warmup = 0.5 },
            Optimizer = new AdamOptions { IsDecoupled = true, WeightDecay = 0.1, DecayBiasesAndNorms = false, Groups = [new ParameterGroup("conv1/*", 0.1)] },
            CheckpointPath = folder["run.onnx"],
        };
        Dataset data = TestData.Bars(400);
        OnnxModel straight = Net(dropout: 0.3f);
        using (var trainer = new Trainer(straight, data, options with { CheckpointPath = null }))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        using var stop = new CancellationTokenSource();
        using (var trainer = new Trainer(Net(dropout: 0.3f), data, options with { ProgressInterval = TimeSpan.Zero }))
        {
            Assert.Equal(StopReason.Cancelled, trainer.Run(new StopAt(stop, step: 31), stop.Token).Reason);
        }
        using Trainer resumed = Trainer.Resume(folder["run.onnx"], data, options);
        TrainingResult result = resumed.Run(null, TestContext.Current.CancellationToken);
        Assert.Equal(3 * 7, result.Steps);
        Assert.NotNull(result.BestEpoch);
        AssertSameWeights(straight, resumed.Model);
    }

    [Fact]
    public void Run_Accumulation_EqualsTheLargerBatch()
    {
        Dataset data = TestData.Bars(64);
        TrainerOptions options = Options with { Epochs = 1, ValidationFraction = 0, Optimizer = new SgdOptions { Momentum = 0, Nesterov = false } };
        OnnxModel whole = Trained(options with { BatchSize = 64 });
        OnnxModel pieces = Trained(options with { BatchSize = 16, Accumulate = 4 });
        foreach (Value value in whole.Graph.Initializers)
        {
            float[] expected = value.Constant!.ToArray<float>();
            float[] actual = pieces.Graph.Find(value.Name)!.Constant!.ToArray<float>();
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }

        OnnxModel Trained(TrainerOptions chosen)
        {
            OnnxModel model = Net();
            using var trainer = new Trainer(model, data, chosen);
            Assert.Equal(1, trainer.Run(null, TestContext.Current.CancellationToken).Steps);
            return model;
        }
    }

    [Fact]
    public void Run_Patience_StopsAndKeepsTheBestEpoch()
    {
        Dataset data = TestData.Bars(200);
        OnnxModel model = Net();
        using var trainer = new Trainer(model, data, Options with { Epochs = 50, Patience = 2, KeepBest = true, Optimizer = new SgdOptions { LearningRate = 1.5 } });
        TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
        Assert.Equal(StopReason.NoProgress, result.Reason);
        Assert.Equal(result.History.Count - 2, result.BestEpoch);
        Assert.Equal(result.History.Min(epoch => epoch.ValidationLoss)!.Value, trainer.Evaluate(trainer.Validation!, TestContext.Current.CancellationToken).Loss, 1e-6);
    }

    [Fact]
    public void Run_Folds_ValidateEverySampleOnce()
    {
        Dataset data = TestData.Bars(90);
        long validated = 0;
        for (int fold = 0; fold < 3; fold++)
        {
            using var trainer = new Trainer(Net(), data, Options with { Epochs = 1, Folds = 3, Fold = fold });
            trainer.Run(null, TestContext.Current.CancellationToken);
            validated += trainer.Validation!.Count;
            Assert.Equal(90, trainer.TrainingSamples + trainer.Validation.Count);
        }
        Assert.Equal(90, validated);
    }

    [Fact]
    public void Run_ZeroRateGroup_LeavesThoseWeights()
    {
        OnnxModel model = Net();
        byte[] before = model.Graph.Find("conv1/weight")!.Constant!.Bytes.ToArray();
        byte[] other = model.Graph.Find("conv2/weight")!.Constant!.Bytes.ToArray();
        var optimizer = new AdamOptions { WeightDecay = 0.1, Groups = [new ParameterGroup("conv1/*", 0)] };
        using var trainer = new Trainer(model, TestData.Bars(100), Options with { Optimizer = optimizer });
        trainer.Run(null, TestContext.Current.CancellationToken);
        Assert.Equal(before, model.Graph.Find("conv1/weight")!.Constant!.Bytes.ToArray());
        Assert.NotEqual(other, model.Graph.Find("conv2/weight")!.Constant!.Bytes.ToArray());
    }

    [Fact]
    public void Run_BFloat16_LearnsWhereTheMachineHasIt()
    {
        Precision precision = PrecisionSupport.Select(Precision.BFloat16, Device.Cpu, out string? fallback);
        Assert.Equal(precision == Precision.BFloat16, fallback is null);
        OnnxModel model = Net();
        using var trainer = new Trainer(model, TestData.Bars(400), Options with { Precision = precision });
        TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
        Assert.True(result.History[1].ValidationAccuracy > 0.95, $"accuracy {result.History[1].ValidationAccuracy}");
        Assert.Equal(ElementType.Float, model.Graph.Find("conv1/weight")!.Constant!.Type);
    }

    [Fact]
    public void PrecisionSupport_Float16OnTheCpu_SaysWhyNot()
    {
        Assert.Equal(Precision.Float32, PrecisionSupport.Select(Precision.Float16, Device.Cpu, out string? fallback));
        Assert.Contains("CUDA", fallback, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_Teacher_PullsTheStudentTowardsIt()
    {
        Dataset data = TestData.Bars(200);
        OnnxModel teacher = Net();
        using (var trainer = new Trainer(teacher, data, Options))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        byte[] before = teacher.Graph.Find("conv1/weight")!.Constant!.Bytes.ToArray();
        OnnxModel student = Mlp.Build(new ZooOptions { Height = TestData.Size, Width = TestData.Size, Classes = TestData.Classes });
        using var learner = new Trainer(student, data, Options with { Distillation = new DistillationOptions { Teacher = teacher, Weight = 1 } });
        TrainingResult result = learner.Run(null, TestContext.Current.CancellationToken);
        Assert.True(result.History[1].TrainLoss < result.History[0].TrainLoss);
        Assert.True(result.History[1].ValidationAccuracy > 0.9, $"accuracy {result.History[1].ValidationAccuracy}");
        Assert.Equal(before, teacher.Graph.Find("conv1/weight")!.Constant!.Bytes.ToArray());
    }

    [Fact]
    public void Run_Autoencode_LowersTheReconstructionError()
    {
        Dataset data = TestData.Bars(200);
        using var trainer = new Trainer(Autoencoder(), data, Options with { Autoencode = true, Loss = new LossOptions { Name = "mse" } });
        double before = trainer.ReconstructionErrors(data, TestContext.Current.CancellationToken).Average();
        TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
        IReadOnlyList<double> after = trainer.ReconstructionErrors(data, TestContext.Current.CancellationToken);
        Assert.True(after.Average() < before);
        Assert.Null(result.History[0].TrainAccuracy);
        Judgement judgement = trainer.Evaluate(data, TestContext.Current.CancellationToken);
        Assert.Equal(after.Average(), judgement.Loss, 1e-5);
        Assert.Equal(after.Average(), judgement.Values!.MeanSquaredError, 1e-5);
    }

    [Fact]
    public void Run_SoftmaxAtTheEnd_TrainsOnTheLogitsBehindIt()
    {
        Dataset data = TestData.Bars(100);
        OnnxModel plain = Net(), soft = Net();
        Value logits = soft.Graph.Outputs[0];
        Node node = soft.Graph.AddNode("Softmax", [logits], ["probabilities"]);
        soft.Graph.RemoveOutput(logits);
        soft.Graph.AddOutput(node.Outputs[0]!);
        foreach (OnnxModel model in new[] { plain, soft })
        {
            using var trainer = new Trainer(model, data, Options with { Epochs = 1 });
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        AssertSameWeights(plain, soft);
    }

    [Fact]
    public void Resume_BatchNormalization_RestoresRunningStatistics()
    {
        using var folder = new TemporaryFolder();
        Dataset data = TestData.Bars(100);
        TrainerOptions options = Options with { Epochs = 1, CheckpointPath = folder["run.onnx"] };
        OnnxModel model = NormalizedNet();
        float[] before = model.Graph.Find("mean")!.Constant!.ToArray<float>();
        using (var trainer = new Trainer(model, data, options))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        float[] after = model.Graph.Find("mean")!.Constant!.ToArray<float>();
        Assert.NotEqual(before, after);
        OnnxModel checkpoint = OnnxModel.Load(folder["run.onnx"]);
        Assert.Equal(after, checkpoint.Graph.Find("mean")!.Constant!.ToArray<float>());
    }

    [Fact]
    public void Checkpoint_IsAModelThatOnnxRuntimeRuns()
    {
        using var folder = new TemporaryFolder();
        Dataset data = TestData.Bars(100);
        using var trainer = new Trainer(Net(), data, Options with { Epochs = 1, CheckpointPath = folder["run.onnx"] });
        trainer.Run(null, TestContext.Current.CancellationToken);
        OnnxModel checkpoint = OnnxModel.Load(folder["run.onnx"]);
        Assert.True(Checkpoint.IsCheckpoint(checkpoint));
        ModelVerifier.ThrowIfInvalid(checkpoint, "checkpoint");
        Assert.Equal(WithOnnxRuntime(trainer.Model, data).ToConfusionRows(), WithOnnxRuntime(checkpoint, data).ToConfusionRows());
        Checkpoint.Strip(checkpoint);
        Assert.Equal(Count(trainer.Model), Count(checkpoint));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Resume_OtherOptions_SaysWhich()
    {
        using var folder = new TemporaryFolder();
        Dataset data = TestData.Bars(100);
        TrainerOptions options = Options with { Epochs = 1, CheckpointPath = folder["run.onnx"] };
        using (var trainer = new Trainer(Net(), data, options))
        {
            trainer.Run(null, TestContext.Current.CancellationToken);
        }
        Refused("seed", options with { Seed = 99 }, data);
        Refused("batch size", options with { BatchSize = 8 }, data);
        Refused("optimizer", options with { Optimizer = new SgdOptions() }, data);
        Refused("number of training samples", options, data.Take(50));
        Refused("validation fraction", options with { ValidationFraction = 0 }, data);

        void Refused(string what, TrainerOptions other, Dataset set)
        {
            var e = Assert.Throws<TrainingException>(() => Trainer.Resume(folder["run.onnx"], set, other));
            Assert.Contains($"the {what} ", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resume_PlainModel_IsRefused()
    {
        using var folder = new TemporaryFolder();
        Net().Save(folder["model.onnx"]);
        var e = Assert.Throws<TrainingException>(() => Trainer.Resume(folder["model.onnx"], TestData.Bars(50), Options));
        Assert.Contains("not a checkpoint", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"step":-1,"batchSize":16}""")]
    [InlineData("""{"version":2,"batchSize":16,"seed":3,"optimizer":"adam","loss":"cross-entropy","samples":50,"validationFraction":0.2,"batch":77,"history":[]}""")]
    [InlineData("""{"version":2,"batchSize":16,"seed":3,"optimizer":"adam","loss":"cross-entropy","samples":50,"validationFraction":0.2,"history":[]}""")]
    [InlineData("""{"version":1}""")]
    public void Resume_DamagedState_IsOneLine(string state)
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Net();
        model.Metadata[Checkpoint.MetadataKey] = state;
        model.Save(folder["bad.onnx"]);
        var e = Assert.Throws<TrainingException>(() => Trainer.Resume(folder["bad.onnx"], TestData.Bars(50), Options));
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Run_TwoHundredSteps_LeavesNoNativeTensor()
    {
        Dataset data = TestData.Bars(100);
        long before = Libtorch.LiveTensors;
        using (var trainer = new Trainer(Net(dropout: 0.1f), data, Options with { Epochs = 40 }))
        {
            long ready = Libtorch.LiveTensors;
            TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
            Assert.Equal(200, result.Steps);
            Assert.Equal(ready, Libtorch.LiveTensors);
        }
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    [Fact]
    public void Run_TimeIsUp_StopsAndKeepsTheUnfinishedEpoch()
    {
        var clock = new SteppingClock(TimeSpan.FromMilliseconds(10));
        using var trainer = new Trainer(Net(), TestData.Bars(400), Options with { Epochs = 1000, TimeBudget = TimeSpan.FromSeconds(2) }, clock);
        TrainingResult result = trainer.Run(null, TestContext.Current.CancellationToken);
        Assert.Equal(StopReason.TimeBudget, result.Reason);
        Assert.InRange(result.Steps, 1, 200);
        Assert.True(result.History[^1].LearningRate < 1e-4, "the schedule should end with the budget");
    }

    [Fact]
    public void Run_LossExplodes_SaysSo()
    {
        using var trainer = new Trainer(Net(), TestData.Bars(100), Options with { Optimizer = new SgdOptions { LearningRate = 1000 }, Epochs = 50 });
        var e = Assert.Throws<TrainingException>(() => trainer.Run(null, TestContext.Current.CancellationToken));
        Assert.Contains("lower the learning rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_OtherImageSize_SaysBoth()
    {
        OnnxModel model = ConvNet.Build(new ZooOptions { Classes = 3 });
        var e = Assert.Throws<TrainingException>(() => new Trainer(model, TestData.Bars(50), Options));
        Assert.Contains("[batch,1,28,28]", e.Message, StringComparison.Ordinal);
        Assert.Contains("[1,12,12]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_TooFewClasses_SaysBoth()
    {
        OnnxModel model = ConvNet.Build(new ZooOptions { Classes = 2, Height = 12, Width = 12 });
        using var trainer = new Trainer(model, TestData.Bars(50), Options);
        var e = Assert.Throws<TrainingException>(() => trainer.Run(null, TestContext.Current.CancellationToken));
        Assert.Contains("2 classes", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OutOfRange_AreNamed()
    {
        Dataset data = TestData.Bars(20);
        TrainerOptions[] wrong =
        [
            Options with { Epochs = 0 }, Options with { BatchSize = 0 }, Options with { ValidationFraction = 1 },
            Options with { TimeBudget = TimeSpan.Zero }, Options with { Optimizer = new AdamOptions { LearningRate = 0 } },
            Options with { Optimizer = new SgdOptions { Momentum = 1 } }, Options with { Loss = new LossOptions { LabelSmoothing = 1 } },
            Options with { Loss = new LossOptions { Name = "mes" } }, Options with { Accumulate = 0 }, Options with { ClipNorm = 0 }, Options with { Average = 1 },
            Options with { Folds = 1 }, Options with { Folds = 3, Fold = 3 }, Options with { Patience = 2, ValidationFraction = 0 },
        ];
        foreach (TrainerOptions options in wrong)
        {
            Assert.Throws<TrainingException>(() => new Trainer(Net(), data, options));
        }
        Assert.Throws<TrainingException>(() => OptimizerOptions.Parse("adan"));
    }

    private static OnnxModel Net(float dropout = 0) => ConvNet.Build(new ZooOptions
    {
        Height = TestData.Size,
        Width = TestData.Size,
        Classes = TestData.Classes,
        Dropout = dropout,
        Seed = 4,
    });

    private static OnnxModel Autoencoder()
    {
        const int Pixels = TestData.Size * TestData.Size;
        var random = new Random(2);
        var graph = new OnnxGraph("autoencoder");
        Value x = graph.AddInput("input", ElementType.Float, TensorShape.Of("batch", 1, TestData.Size, TestData.Size));
        Value flat = graph.AddNode("Flatten", [x], ["flat"]).Outputs[0]!;
        Value code = graph.AddNode("MatMul", [flat, Weights("down", Pixels, 8)], ["code"]).Outputs[0]!;
        Value wide = graph.AddNode("MatMul", [code, Weights("up", 8, Pixels)], ["wide"]).Outputs[0]!;
        Value shape = graph.AddInitializer("shape", OnnxTensor.From<long>([-1, 1, TestData.Size, TestData.Size], 4));
        graph.AddOutput(graph.AddNode("Reshape", [wide, shape], ["picture"]).Outputs[0]!);
        return new OnnxModel(graph);

        Value Weights(string name, int rows, int columns) => graph.AddInitializer(
            name, OnnxTensor.From<float>([.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextSingle() - 0.5f) / 4)], rows, columns));
    }

    private static OnnxModel NormalizedNet()
    {
        const int Pixels = TestData.Size * TestData.Size;
        var graph = new OnnxGraph("normalized");
        Value input = graph.AddInput("input", ElementType.Float, TensorShape.Of("batch", 1, TestData.Size, TestData.Size));
        Value[] channel =
        [
            graph.AddInitializer("scale", OnnxTensor.From<float>([1], 1)), graph.AddInitializer("bias", OnnxTensor.From<float>([0], 1)),
            graph.AddInitializer("mean", OnnxTensor.From<float>([0], 1)), graph.AddInitializer("variance", OnnxTensor.From<float>([1], 1)),
        ];
        Node norm = graph.AddNode("BatchNormalization", [input, .. channel], ["normal"]);
        Node flat = graph.AddNode("Flatten", [norm.Outputs[0]], ["flat"]);
        float[] weights = new float[Pixels * TestData.Classes];
        Value weight = graph.AddInitializer("weight", OnnxTensor.From<float>(weights, Pixels, TestData.Classes));
        Node gemm = graph.AddNode("Gemm", [flat.Outputs[0], weight], ["logits"]);
        graph.AddOutput(gemm.Outputs[0]!);
        return new OnnxModel(graph);
    }

    private static ClassificationMetrics WithOnnxRuntime(OnnxModel model, Dataset data)
    {
        using var session = new EngineSession(model);
        var metrics = new ClassificationMetrics(TestData.Classes);
        int size = data.Inputs[0].Length;
        float[] pixels = new float[data.Count * size];
        long[] labels = new long[data.Count];
        var sample = new SampleBuffer(data);
        for (int i = 0; i < data.Count; i++)
        {
            sample.Read(i);
            sample.Input<float>().CopyTo(pixels.AsSpan(i * size));
            labels[i] = sample.Target<long>()[0];
        }
        OnnxTensor input = OnnxTensor.From<float>(pixels, data.Inputs[0].Batched(data.Count));
        metrics.Add(session.Run(new Dictionary<string, OnnxTensor> { ["input"] = input })[0].AsSpan<float>(), labels);
        return metrics;
    }

    private static int Count(OnnxModel model) => model.Graph.Initializers.Count;

    private static void AssertSameWeights(OnnxModel expected, OnnxModel actual)
    {
        foreach (Value value in expected.Graph.Initializers)
        {
            Assert.Equal(value.Constant!.Bytes.ToArray(), actual.Graph.Find(value.Name)!.Constant!.Bytes.ToArray());
        }
    }

    private sealed class Collector : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Items { get; } = [];

        public void Report(TrainingProgress value) => Items.Add(value);
    }

    private sealed class StopAt(CancellationTokenSource source, int step) : IProgress<TrainingProgress>
    {
        private int _seen;

        public void Report(TrainingProgress value)
        {
            if (++_seen == step)
            {
                source.Cancel();
            }
        }
    }

    /// <summary>A clock that moves on whenever it is read.</summary>
    private sealed class SteppingClock(TimeSpan step) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += step.Ticks;
    }
}
