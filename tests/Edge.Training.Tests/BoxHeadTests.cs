using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Testing;
using Edge.Training.FineTuning;
using Edge.Zoo;

namespace Edge.Training.Tests;

/// <summary>Detectors made fit for other classes.</summary>
public sealed class BoxHeadTests
{
    private const int Side = 64;
    private static readonly ZooOptions Small = new() { Channels = 3, Height = Side, Width = Side, Classes = 4, Multiplier = 0.25 };

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void Replace_OtherClasses_KeepsBoxesAndObjectsToTheLastBit(int classes)
    {
        OnnxModel model = ZooCatalog.Build("edgedet-n", Small);
        float[] before = Run(model, Side);
        BoxHead head = BoxHead.Find(model, "edgedet-n");
        Assert.Equal(4, head.Classes);
        Assert.Equal(["head16/class/bias", "head16/class/weight", "head32/class/bias", "head32/class/weight", "head8/class/bias", "head8/class/weight"], head.Weights.Order(StringComparer.Ordinal));
        head.Replace(model, classes, seed: 3);
        ModelVerifier.ThrowIfInvalid(model, "edgedet-n");
        Assert.Equal(5 + classes, model.Graph.Outputs[0].Shape![2].Size);
        Compare(before, 9, Run(model, Side), 5 + classes);
    }

    [Fact]
    public void Replace_OneLayerForEverything_KeepsTheFiltersOfBoxesAndObjects()
    {
        var graph = new OnnxGraph("joined");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 3, 8, 8));
        Value weight = graph.AddInitializer("w", OnnxTensor.From<float>([.. Enumerable.Range(0, 21).Select(i => (float)i)], 7, 3, 1, 1));
        Value conv = graph.AddNode("Conv", [input, weight], ["c"]).Outputs[0]!;
        Value rows = graph.AddNode("Reshape", [conv, graph.AddInitializer("sizes", OnnxTensor.From<long>([0, 7, -1], 3))], ["r"]).Outputs[0]!;
        Value output = graph.AddNode("Transpose", [rows], ["y"]).Outputs[0]!;
        output.Producer!.Attributes.Set("perm", [0L, 2, 1]);
        output.Type = new TensorType(ElementType.Float, TensorShape.Of("n", 64, 7));
        graph.AddOutput(output);
        var model = new OnnxModel(graph);
        BoxHead.Find(model, "joined").Replace(model, 5, seed: 1);
        ModelVerifier.ThrowIfInvalid(model, "joined");
        OnnxTensor after = graph.Find("w")!.Constant!;
        Assert.Equal([10, 3, 1, 1], after.Dims.ToArray());
        Assert.Equal(Enumerable.Range(0, 15).Select(i => (float)i), after.ToArray<float>()[..15]);
        Assert.Equal([0L, 10, -1], graph.Find("sizes")!.Constant!.ToArray<long>());
        Assert.Equal("[n,64,10]", graph.Outputs[0].Shape!.ToString());
    }

    [Fact]
    public void Replace_YoloxNano_RunsWithThreeClassesAndTheSameBoxes()
    {
        string path = SharedData.Path("models", "yolox-nano", "yolox_nano_416x416.onnx");
        OnnxModel model = OnnxModel.Load(path);
        float[] before = Run(model, 416);
        BoxHead head = BoxHead.Find(model, path);
        Assert.Equal(80, head.Classes);
        head.Replace(model, 3, seed: 3);
        ModelVerifier.ThrowIfInvalid(model, path);
        Compare(before, 85, Run(model, 416), 8);
    }

    [Fact]
    public void Find_OtherModels_SaysWhatStandsInTheWay()
    {
        TrainingException classifier = Assert.Throws<TrainingException>(() => BoxHead.Find(ConvNet.Build(new ZooOptions()), "c.onnx"));
        Assert.Contains("c.onnx: ", classifier.Message, StringComparison.Ordinal);
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 84, 9));
        Value output = graph.AddNode("Relu", [input], ["y"]).Outputs[0]!;
        output.Type = input.Type;
        graph.AddOutput(output);
        TrainingException other = Assert.Throws<TrainingException>(() => BoxHead.Find(new OnnxModel(graph), "r.onnx"));
        Assert.Contains("Relu", other.Message, StringComparison.Ordinal);
    }

    private static void Compare(float[] before, int widthBefore, float[] after, int widthAfter)
    {
        Assert.Equal(before.Length / widthBefore, after.Length / widthAfter);
        for (int cell = 0; cell < before.Length / widthBefore; cell++)
        {
            Assert.Equal(before.AsSpan(cell * widthBefore, 5), after.AsSpan(cell * widthAfter, 5));
            Assert.All(after[((cell * widthAfter) + 5)..((cell + 1) * widthAfter)], score => Assert.InRange(score, 0, 1));
        }
    }

    private static float[] Run(OnnxModel model, int side)
    {
        var random = new Random(5);
        float[] pixels = [.. Enumerable.Range(0, 3 * side * side).Select(_ => random.NextSingle())];
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        return session.Run(new Dictionary<string, OnnxTensor> { [model.Graph.Inputs[0].Name] = OnnxTensor.From<float>(pixels, 1, 3, side, side) })[0].ToArray<float>();
    }
}
