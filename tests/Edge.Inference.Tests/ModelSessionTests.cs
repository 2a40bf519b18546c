using Edge.Foundation;
using Edge.Graph;
using Edge.Packages;
using Edge.Testing;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Inference.Tests;

public sealed class ModelSessionTests
{
    [Fact]
    public void Prepare_Always_TelemetryIsOffForNativeCode()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        Assert.Equal("1", NativeEnvironment.Get(EngineEnvironment.TelemetryVariable));
        Assert.Matches(@"^\d+\.\d+\.\d+", EngineEnvironment.Version);
        // The bare path: nobody loaded the engine before its telemetry was switched off.
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "libonnxruntime.so"), EngineEnvironment.LibraryPath);
    }

    [Fact]
    public void Run_ConvNet_EqualsTheEngineItself()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        Assert.Equal("float32 [1, 1, 28, 28]", session.Inputs[0].ToString());
        Assert.Equal("float32 [1, 10]", session.Outputs[0].ToString());
        using var options = new SessionOptions();
        using var engine = new InferenceSession(TestPackage.ConvNetBytes, options);
        var random = new Random(5);
        float[] image = new float[784];
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < image.Length; i++)
            {
                image[i] = random.NextSingle();
            }
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, [1, 1, 28, 28]);
            using var runOptions = new RunOptions();
            using IDisposableReadOnlyCollection<OrtValue> expected = engine.Run(runOptions, [session.Inputs[0].Name], [input], [session.Outputs[0].Name]);
            image.CopyTo(session.Input<float>());
            session.Run();
            Assert.Equal(expected[0].GetTensorDataAsSpan<float>().ToArray(), session.Output().ToArray());
        }
    }

    [Theory]
    [InlineData(OptimizationLevel.None, 1)]
    [InlineData(OptimizationLevel.Basic, 2)]
    [InlineData(OptimizationLevel.Extended, 0)]
    [InlineData(OptimizationLevel.All, 1)]
    public void Run_AnySettings_GivesNearlyTheSame(OptimizationLevel level, int threads)
    {
        using var plain = new ModelSession(TestPackage.ConvNetBytes);
        using var session = new ModelSession(TestPackage.ConvNetBytes, new SessionSettings { Optimization = level, Threads = threads, AllowSpinning = false });
        plain.Input<float>().Fill(0.5f);
        session.Input<float>().Fill(0.5f);
        plain.Run();
        session.Run();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(plain.Output()[i], session.Output()[i], 1e-4f);
        }
    }

    [Fact]
    public void Run_ManyTimes_AllocatesNothing()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        session.Run();
        session.Run();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                session.Input<float>()[i] = i;
                session.Run();
            }
        }));
    }

    [Fact]
    public void Run_OutputShapeLeftOpen_IsFoundByRunning()
    {
        using var session = new ModelSession(TestPackage.OneNode("Relu", ElementType.Float, TensorShape.Of("batch", 3), TensorShape.Of("batch", "columns")));
        Assert.Equal([1L, 3L], session.Outputs[0].Dimensions);
        new float[] { -1, 2, 3 }.CopyTo(session.Input<float>());
        session.Run();
        Assert.Equal([0, 2, 3], session.Output().ToArray());
    }

    [Fact]
    public void Input_OtherElementType_Throws()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        Assert.Throws<ArgumentException>(() => session.Input<byte>());
        Assert.Throws<ArgumentException>(() => session.Output<double>());
    }

    [Fact]
    public void Input_AfterDispose_Throws()
    {
        var session = new ModelSession(TestPackage.ConvNetBytes);
        session.Dispose();
        session.Dispose();
        Assert.Throws<ObjectDisposedException>(() => session.Input<float>());
        Assert.Throws<ObjectDisposedException>(session.Run);
    }

    [Fact]
    public void Load_NotAModel_GivesOneLine()
    {
        var random = new Random(1);
        byte[] noise = new byte[5000];
        random.NextBytes(noise);
        byte[] model = TestPackage.ConvNetBytes;
        foreach (byte[] bytes in (byte[][])[[], noise, "hello, I am not a model"u8.ToArray(), model[..(model.Length / 2)], model[..20]])
        {
            string message = Assert.Throws<InferenceException>(() => new ModelSession(bytes, source: "a.onnx")).Message;
            Assert.StartsWith("a.onnx: ", message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', message);
        }
    }

    [Fact]
    public void Load_OpenDimensionBesideTheBatch_SaysWhich()
    {
        byte[] model = TestPackage.OneNode("Relu", ElementType.Float, TensorShape.Of("batch", 3, "height", "width"));
        string message = Assert.Throws<InferenceException>(() => new ModelSession(model)).Message;
        Assert.Contains("'x' is float32 [batch, 3, height, width]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OpenDimensions_TakesTheManifests()
    {
        byte[] model = TestPackage.OneNode("Relu", ElementType.Float, TensorShape.Of("batch", 3, "height", "width"));
        Package package = TestPackage.Classifier(model, new InputSpec { Width = 5, Height = 4, Channels = 3 });
        using ModelSession session = ModelSession.Open(package);
        Assert.Equal([1L, 3L, 4L, 5L], session.Inputs[0].Dimensions);
        Assert.Equal([1L, 3L, 4L, 5L], session.Outputs[0].Dimensions);
    }

    [Theory]
    [InlineData(29, 28, TensorLayout.Nchw, InputType.Float32)]
    [InlineData(28, 27, TensorLayout.Nchw, InputType.Float32)]
    [InlineData(28, 28, TensorLayout.Nhwc, InputType.Float32)]
    [InlineData(28, 28, TensorLayout.Nchw, InputType.UInt8)]
    public void Open_ManifestSaysSomethingElse_IsRefused(int width, int height, TensorLayout layout, InputType type)
    {
        Package package = TestPackage.Classifier(input: new InputSpec { Width = width, Height = height, Channels = 1, ColorOrder = ColorOrder.Grey, Layout = layout, Dtype = type });
        string message = Assert.Throws<InferenceException>(() => ModelSession.Open(package)).Message;
        Assert.StartsWith("test.edgepkg: the model's input ", message, StringComparison.Ordinal);
        Assert.Contains("its manifest says", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_InputNamedWrong_IsRefused() =>
        Assert.Contains("no input 'pixels'", Assert.Throws<InferenceException>(() => ModelSession.Open(TestPackage.Classifier(input: TestPackage.Grey28 with { Tensor = "pixels" }))).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_ProviderThatIsNotThere_FallsBackAndSaysWhy()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes, new SessionSettings { Providers = [ExecutionProvider.Acl, ExecutionProvider.Cpu] });
        session.Run();
        Assert.Equal(ExecutionProvider.Cpu, session.ProviderReport.Active);
        Assert.Equal("cpu; not acl: the engine was built without it", session.ProviderReport.ToString());
    }

    [Fact]
    public void Load_Auto_ReportsWhatItTried()
    {
        using var session = new ModelSession(TestPackage.ConvNetBytes);
        session.Run();
        Assert.Equal([ExecutionProvider.Cuda, ExecutionProvider.Cpu], session.ProviderReport.Tried.Select(s => s.Provider));
        Assert.All(session.ProviderReport.Tried, s => Assert.Equal(s.IsUsable, s.Reason.Length == 0));
    }

    [Fact]
    public void Probe_EveryProvider_IsUsableOrHasAReason()
    {
        IReadOnlyList<ProviderStatus> statuses = Providers.Probe();
        Assert.Equal(5, statuses.Count);
        Assert.All(statuses, s => Assert.Equal(s.IsUsable, s.Reason.Length == 0));
        Assert.True(statuses[^1] is { Provider: ExecutionProvider.Cpu, IsUsable: true });
        Assert.All(statuses, s => Assert.DoesNotContain('\n', s.Reason));
    }

    [Fact]
    public void Parse_ProviderNames_GivesThemInOrder()
    {
        Assert.Equal([ExecutionProvider.TensorRt, ExecutionProvider.Cuda, ExecutionProvider.Cpu], Providers.Parse("tensorrt, CUDA,cpu"));
        Assert.Contains("'gpu'", Assert.Throws<InferenceException>(() => Providers.Parse("gpu")).Message, StringComparison.Ordinal);
        Assert.Throws<InferenceException>(() => Providers.Parse(""));
    }

    [Theory]
    [InlineData("mnist", "mnist.onnx")]
    [InlineData("yolox-nano", "yolox_nano_416x416.onnx")]
    [InlineData("fastestdet", "FastestDet.onnx")]
    [InlineData("yunet", "yunet_n_320_320.onnx")]
    [InlineData("ultraface", "version-RFB-320.onnx")]
    public void Run_ModelsOfOthers_AllocatesNothing(string folder, string file)
    {
        using var session = new ModelSession(File.ReadAllBytes(SharedData.Path("models", folder, file)), source: file);
        session.Run();
        Assert.Equal(0, Allocations.Of(() =>
        {
            session.Run();
        }));
        Assert.All(session.Output().ToArray(), v => Assert.True(float.IsFinite(v)));
    }
}
