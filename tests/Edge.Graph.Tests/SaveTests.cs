using Edge.Graph.Execution;
using Edge.Testing;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Graph.Tests;

public sealed class SaveTests
{
    private static readonly SaveOptions Always = new() { ExternalDataThreshold = 0 };

    [Fact]
    public void Save_Threshold_MovesLargeTensorsOnlyWhereItIsReached()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Model(1);
        model.Save(folder["a.onnx"], new SaveOptions { ExternalDataThreshold = 1 << 20 });
        model.Save(folder["b.onnx"], new SaveOptions { ExternalDataThreshold = 10_000 });
        Assert.Equal(["a.onnx", "b.onnx"], Files(folder).Where(name => name.EndsWith(".onnx", StringComparison.Ordinal)));
        string data = Assert.Single(Files(folder), name => name.EndsWith(".data", StringComparison.Ordinal));
        Assert.StartsWith("b.onnx.", data, StringComparison.Ordinal);
        Assert.True(new FileInfo(folder["b.onnx"]).Length < 4_000);
    }

    [Fact]
    public void Save_ExternalData_LoadsBackIdenticalAndOnPageBorders()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Model(1);
        model.Save(folder["m.onnx"], Always);
        OnnxModel loaded = OnnxModel.Load(folder["m.onnx"]);
        Assert.Equal(model.ToBytes(), loaded.ToBytes());
        byte[] data = File.ReadAllBytes(folder[DataFile(folder)]);
        Assert.Equal(0, data.AsSpan().IndexOf(model.Graph.Find("w1")!.Constant!.Bytes.Span) % 4096);
        Assert.Equal(0, data.AsSpan().IndexOf(model.Graph.Find("w2")!.Constant!.Bytes.Span) % 4096);
    }

    [Fact]
    public void EndProfiling_Session_WritesWhereItWasTold()
    {
        using var folder = new TemporaryFolder();
        using var session = new EngineSession(Model(1), new EngineOptions { ProfilePath = folder["profile"] });
        string written = session.EndProfiling();
        Assert.StartsWith(folder["profile"], written, StringComparison.Ordinal);
        Assert.True(File.Exists(written));
    }

    [Fact]
    public void Save_ExternalData_OnnxRuntimeReadsTheSameModel()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Model(1);
        float[] input = [.. Enumerable.Range(0, 64).Select(index => index * 0.1f)];
        float[] expected = Engine.Run(model, input, 1, 64);
        model.Save(folder["m.onnx"], Always);
        using var session = new InferenceSession(folder["m.onnx"]);
        using var value = OrtValue.CreateTensorValueFromMemory(input, [1, 64]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, ["x"], [value], ["y"]);
        Assert.Equal(expected, outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [Fact]
    public void EngineSession_ModelTooLargeForOnePiece_GivesTheSame()
    {
        var inputs = new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>([.. Enumerable.Range(0, 64).Select(index => index * 0.1f)], 1, 64) };
        using var whole = new EngineSession(Model(1));
        using var apart = new EngineSession(Model(1), new EngineOptions { LargestInMemory = 0 });
        Assert.True(whole.Run(inputs)[0].ContentEquals(apart.Run(inputs)[0]));
    }

    [Fact]
    public void Save_SameContentTwice_GivesTheSameFiles()
    {
        using var folder = new TemporaryFolder();
        Model(1).Save(folder["m.onnx"], Always);
        string name = DataFile(folder);
        byte[] bytes = File.ReadAllBytes(folder["m.onnx"]);
        OnnxModel.Load(folder["m.onnx"]).Save(folder["m.onnx"], Always);
        Assert.Equal(name, DataFile(folder));
        Assert.Equal(bytes, File.ReadAllBytes(folder["m.onnx"]));
    }

    [Fact]
    public void Save_OtherContentOverIt_LeavesNoStaleDataAndNobodyElsesFileIsTouched()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["m.onnx.notes.data"], "mine");
        File.WriteAllText(folder["other.onnx.0123456789abcdef.data"], "somebody's");
        Model(1).Save(folder["m.onnx"], Always);
        string first = DataFile(folder);
        Model(2).Save(folder["m.onnx"], Always);
        Assert.NotEqual(first, DataFile(folder));
        Assert.False(File.Exists(folder[first]));
        Model(3).Save(folder["m.onnx"]);
        Assert.Equal(["m.onnx", "m.onnx.notes.data", "other.onnx.0123456789abcdef.data"], Files(folder));
    }

    [Fact]
    public void Save_CrashBeforeTheModelIsReplaced_LeavesTheOldModelWhole()
    {
        using var folder = new TemporaryFolder();
        Model(1).Save(folder["m.onnx"], Always);
        byte[] old = File.ReadAllBytes(folder["m.onnx"]);
        string data = DataFile(folder);
        byte[] oldData = File.ReadAllBytes(folder[data]);
        Model(2).Save(folder["m.onnx"], Always);
        // The state after a crash between the two writes: the new data are there, the old model and its data too.
        File.WriteAllBytes(folder["m.onnx"], old);
        File.WriteAllBytes(folder[data], oldData);
        Assert.Equal(Model(1).ToBytes(), OnnxModel.Load(folder["m.onnx"]).ToBytes());
    }

    [Fact]
    public void Save_ThresholdThatOneFileCannotHold_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Model(1).Save("m.onnx", new SaveOptions { ExternalDataThreshold = 1L << 40 }));

    private static string[] Files(TemporaryFolder folder) => [.. Directory.GetFiles(folder.Path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static string DataFile(TemporaryFolder folder) =>
        Assert.Single(Files(folder), name => name.StartsWith("m.onnx.", StringComparison.Ordinal) && name.Length == "m.onnx.0123456789abcdef.data".Length);

    private static OnnxModel Model(int seed)
    {
        var random = new Random(seed);
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 64));
        Value w1 = graph.AddInitializer("w1", GraphFixtures.Random(random, -1, 64, 33));
        Value w2 = graph.AddInitializer("w2", GraphFixtures.Random(random, -1, 33, 64));
        Value b = graph.AddInitializer("b", GraphFixtures.Random(random, -1, 64));
        Value y = graph.AddNode("MatMul", [graph.AddNode("MatMul", [x, w1], ["m1"]).Outputs[0], w2], ["m2"]).Outputs[0]!;
        y = graph.AddNode("Add", [y, b], ["y"]).Outputs[0]!;
        y.Type = new TensorType(ElementType.Float, null);
        graph.AddOutput(y);
        return new OnnxModel(graph);
    }
}
