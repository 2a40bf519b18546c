using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Inference;
using Edge.Testing;

namespace Edge.Cli.Tests.Analysis;

/// <summary>Multiply-adds and parameters against figures worked out by hand.</summary>
public sealed class GraphCostTests
{
    [Fact]
    public void Of_Classifier_CountsEachLayerByHand()
    {
        OnnxModel model = GeneratedModels.Classifier(2);
        GraphCost cost = Count(model);
        long Of(string name) => cost[model.Graph.Nodes.First(node => node.Name == name)].MultiplyAdds!.Value;
        // 16×16 at stride 2 with a pad of 1 gives 8×8; the depthwise layer without a pad 6×6.
        Assert.Equal(2 * 8 * 8 * 8 * (4 * 9), Of("first"));
        Assert.Equal(2 * 8 * 6 * 6 * 9, Of("depthwise"));
        Assert.Equal(2 * 10 * 8, Of("dense"));
        Assert.Equal(0, Of("relu"));
        Assert.Equal(Of("first") + Of("depthwise") + Of("dense"), cost.MultiplyAdds);
        Assert.Equal((8 * 4 * 9) + 8 + (8 * 9) + (10 * 8) + 10, cost.Parameters);
        Assert.Equal(4 * cost.Parameters, cost.WeightBytes);
        Assert.Equal(2 * 8 * 8 * 8 * sizeof(float), cost[model.Graph.Nodes.First!].OutputBytes);
        Assert.Empty(cost.Open);
    }

    [Fact]
    public void Of_OpenBatch_NamesTheNodesThatCannotBeCounted()
    {
        GraphCost cost = Count(GeneratedModels.Classifier("batch"));
        Assert.Equal(0, cost.MultiplyAdds);
        Assert.Equal(["first", "depthwise", "dense"], cost.Open.Select(node => node.Name));
    }

    [Theory]
    // Each input element meets 4 output channels of its group and a 2×2 kernel.
    [InlineData("ConvTranspose", new long[] { 1, 6, 5, 5 }, new long[] { 6, 4, 2, 2 }, 6 * 25 * 4 * 4)]
    [InlineData("MatMul", new long[] { 3, 5, 7 }, new long[] { 7, 11 }, 3 * 5 * 7 * 11)]
    [InlineData("MatMul", new long[] { 2, 3, 5, 7 }, new long[] { 3, 7, 11 }, 2 * 3 * 5 * 7 * 11)]
    public void Of_OneNode_CountsByHand(string operation, long[] input, long[] weight, long expected)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(input));
        graph.AddOutput(graph.AddNode(operation, [x, graph.AddInitializer("w", GeneratedModels.Weight(weight))], ["y"]).Outputs[0]!);
        Assert.Equal(expected, Count(new OnnxModel(graph)).MultiplyAdds);
    }

    [Fact]
    public void Of_Lstm_CountsBothDirectionsOfEveryStep()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(9, 2, 5));
        Node lstm = graph.AddNode("LSTM", [x, graph.AddInitializer("w", GeneratedModels.Weight(2, 12, 5)), graph.AddInitializer("r", GeneratedModels.Weight(2, 12, 3))], ["y"]);
        lstm.Attributes.Set("hidden_size", 3);
        lstm.Attributes.Set("direction", "bidirectional");
        graph.AddOutput(lstm.Outputs[0]!);
        Assert.Equal(9 * 2 * 2 * 12 * (5 + 3), Count(new OnnxModel(graph)).MultiplyAdds);
    }

    [Fact]
    public void Of_Einsum_CountsEveryCombinationOfLabels()
    {
        var graph = new OnnxGraph("g");
        Value a = graph.AddInput("a", ElementType.Float, TensorShape.Of(2, 3, 5));
        Value b = graph.AddInput("b", ElementType.Float, TensorShape.Of(2, 5, 7));
        Node einsum = graph.AddNode("Einsum", [a, b], ["y"]);
        einsum.Attributes.Set("equation", "bik, bkj -> bij");
        graph.AddOutput(einsum.Outputs[0]!);
        Assert.Equal(2 * 3 * 5 * 7, Count(new OnnxModel(graph)).MultiplyAdds);
    }

    [Fact]
    public void Of_If_CountsTheDearerBranch()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(2, 3));
        Value choice = graph.AddInput("choice", ElementType.Bool, TensorShape.Scalar);
        OnnxGraph Branch(string name, long columns)
        {
            var branch = new OnnxGraph(name, graph);
            Value product = branch.AddNode("MatMul", [x, branch.AddInitializer(name + "_w", GeneratedModels.Weight(3, columns))], [name + "_y"]).Outputs[0]!;
            branch.AddOutput(product);
            return branch;
        }
        Node node = graph.AddNode("If", [choice], ["y"]);
        node.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("then", 4)));
        node.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("else", 10)));
        graph.AddOutput(node.Outputs[0]!);
        Assert.Equal(2 * 3 * 10, Count(new OnnxModel(graph)).MultiplyAdds);
    }

    [Fact]
    public void Of_AbsurdSizes_DoesNotOverflow()
    {
        var graph = new OnnxGraph("g");
        Value a = graph.AddInput("a", ElementType.Float, TensorShape.Of(long.MaxValue, 1L << 40));
        Value b = graph.AddInput("b", ElementType.Float, TensorShape.Of(1L << 40, long.MaxValue));
        graph.AddOutput(graph.AddNode("MatMul", [a, b], ["y"]).Outputs[0]!);
        GraphCost cost = Count(new OnnxModel(graph));
        Assert.Equal(long.MaxValue, cost.MultiplyAdds);
        Assert.Equal(long.MaxValue, cost[graph.Nodes.First!].OutputBytes);
    }

    [Fact]
    public void Of_YoloxNano_HasThePublishedCost()
    {
        OnnxModel model = OnnxModel.Load(SharedData.Path("models", "yolox-nano", "yolox_nano_416x416.onnx"));
        GraphCost cost = Count(model);
        // Published: 1.08 GFLOPs, two a multiply-add, which counts BatchNormalization too, and 0.91 M parameters.
        Assert.InRange(cost.MultiplyAdds, 0.95 * 0.54e9, 1.05 * 0.54e9);
        Assert.InRange(cost.Parameters, 0.90e6, 0.91e6);
        Assert.Empty(cost.Open);
    }

    private static GraphCost Count(OnnxModel model)
    {
        ShapeInference.Run(model);
        return GraphCost.Of(model);
    }
}
