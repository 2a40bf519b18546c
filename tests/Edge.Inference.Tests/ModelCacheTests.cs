using Edge.Graph;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests;

public sealed class ModelCacheTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Package _package = TestPackage.Classifier();

    private string[] Files => Directory.Exists(_folder["cache"]) ? Directory.GetFiles(_folder["cache"]) : [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SecondTime_LoadsTheCachedModelAndGivesTheSame()
    {
        float[] plain = Run(cached: false), first = Run(), second = Run();
        Assert.Equal(plain, first);
        Assert.Equal(plain, second);
        Assert.Single(Files);
        Assert.NotNull(CacheTrailer.Check(Files[0]));
    }

    [Fact]
    public void Open_OtherSettings_HasAFileOfItsOwn()
    {
        Run();
        Run(level: OptimizationLevel.Basic);
        Assert.Equal(2, Files.Length);
    }

    [Fact]
    public void Open_CachedFileDamagedAnywhere_IsIgnoredAndWrittenAgain()
    {
        float[] expected = Run();
        byte[] good = File.ReadAllBytes(Files[0]);
        var random = new Random(1);
        for (int i = 0; i < 12; i++)
        {
            byte[] bad = i % 3 == 0 ? good[..random.Next(good.Length)] : [.. good];
            if (bad.Length > 0)
            {
                bad[i == 1 ? ^1 : random.Next(bad.Length)] ^= 0x10;
            }
            File.WriteAllBytes(Files[0], bad);
            Assert.Equal(expected, Run());
            Assert.NotNull(CacheTrailer.Check(Assert.Single(Files)));
        }
    }

    [Fact]
    public void Open_CachedModelThatTheEngineRefuses_IsWrittenAgain()
    {
        float[] expected = Run();
        File.WriteAllBytes(Files[0], "no model"u8.ToArray());
        CacheTrailer.Append(Files[0], 1e9);
        Assert.NotNull(CacheTrailer.Check(Files[0]));
        Assert.Equal(expected, Run());
        Assert.True(new FileInfo(Files[0]).Length > 1000);
        Assert.Equal(expected, Run());
    }

    [Fact]
    public void Open_CachedModelThatLoadsSlower_IsNotUsedAgain()
    {
        float[] expected = Run();
        byte[] model = File.ReadAllBytes(Files[0]);
        File.WriteAllBytes(Files[0], model[..^45]);
        // No load takes no time.
        CacheTrailer.Append(Files[0], 0);
        Assert.Equal(expected, Run());
        Assert.True(CacheTrailer.Check(Files[0])!.IsSlower);
        Assert.Equal(expected, Run());
        Assert.True(CacheTrailer.Check(Files[0])!.IsSlower);
    }

    [Fact]
    public void Run_CachedModelThatFails_IsLoadedAnewNextTime()
    {
        // What the engine loads and cannot run: a lookup beyond its table.
        var graph = new OnnxGraph("broken");
        Value table = graph.AddInitializer("table", OnnxTensor.From<float>([1f], 1));
        Value x = graph.AddInput("x", ElementType.Int64, TensorShape.Of(1));
        Value y = graph.AddNode("Gather", [table, x], ["y"]).Outputs[0]!;
        y.Type = new TensorType(ElementType.Float, TensorShape.Of(1));
        graph.AddOutput(y);
        byte[] model = new OnnxModel(graph).ToBytes();
        var settings = new SessionSettings { Threads = 1, CacheFolder = _folder["other"] };
        using (var first = new ModelSession(model, settings))
        {
            first.Input<long>()[0] = 5;
            // Loaded from the model itself: the cache is not to blame.
            Assert.Throws<InferenceException>(first.Run);
            Assert.Single(Directory.GetFiles(_folder["other"]));
        }
        using var second = new ModelSession(model, settings);
        second.Input<long>()[0] = 5;
        Assert.Throws<InferenceException>(second.Run);
        Assert.Empty(Directory.GetFiles(_folder["other"]));
    }

    [Fact]
    public void Open_FolderThatCannotBe_LoadsTheModelAllTheSame()
    {
        File.WriteAllText(_folder["cache"], "a file");
        Assert.Equal(Run(cached: false), Run());
    }

    [Fact]
    public void Open_TemporaryFileOfADeadProcess_IsRemoved()
    {
        Directory.CreateDirectory(_folder["cache"]);
        string stale = _folder["cache/dead.onnx.1.1.tmp"];
        File.WriteAllText(stale, "");
        File.SetLastWriteTimeUtc(stale, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Run();
        Assert.False(File.Exists(stale));
    }

    [Fact]
    public void Open_MeasuredThreads_ChoosesSomeThatThereAre()
    {
        using VisionModel model = VisionModel.Open(_package, new SessionSettings { MeasureThreads = true });
        Assert.InRange(model.Threads, Environment.ProcessorCount > 1 ? 1 : 0, Environment.ProcessorCount);
        using VisionModel set = VisionModel.Open(_package, new SessionSettings { MeasureThreads = true, Threads = 1 });
        Assert.Equal(1, set.Threads);
    }

    [Fact]
    public void ReleaseContents_Loaded_KeepsWhatIsKnownAndRuns()
    {
        using VisionModel model = VisionModel.Open(_package, new SessionSettings { Threads = 1 });
        Assert.True(model.CheckGolden().Passed);
        model.ReleaseContents();
        Assert.True(model.Package.Model.IsEmpty);
        Assert.Equal(_package.Manifest, model.Package.Manifest);
        Assert.Equal(_package.Labels, model.Labels);
        Assert.Throws<InvalidOperationException>(() => model.CheckGolden());
        using VisionRunner runner = model.CreateRunner();
        Assert.Equal(3, runner.Run(TestPackage.Images(28, 28, 1)[0]).Classes.Length);
    }

    private float[] Run(bool cached = true, OptimizationLevel level = OptimizationLevel.All)
    {
        var settings = new SessionSettings { Threads = 1, Optimization = level, CacheFolder = cached ? _folder["cache"] : null };
        using LoadedModel model = LoadedModel.Open(_package, settings);
        using ModelSession session = model.CreateSession();
        session.Input<float>().Fill(0.5f);
        session.Run();
        return session.Output().ToArray();
    }
}
