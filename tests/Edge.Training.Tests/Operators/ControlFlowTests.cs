using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Torch;

namespace Edge.Training.Tests.Operators;

/// <summary>Graphs inside nodes, and functions, against ONNX Runtime; gradients through what really ran.</summary>
[Collection(nameof(TorchCollection))]
public sealed class ControlFlowTests
{
    [Theory]
    [InlineData(2f, 6f)]
    [InlineData(-2f, -10f)]
    public void Run_If_TakesTheBranchAndItsGradient(float x, float expected)
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(1));
        Value three = graph.AddInitializer("three", OnnxTensor.From<float>([3], 1));
        Value zero = graph.AddInitializer("zero", OnnxTensor.From<float>([0], 1));
        Node greater = graph.AddNode("Greater", [input, zero], ["isPositive"]);
        Node choice = graph.AddNode("If", [greater.Outputs[0]], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("then", three)));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("else", null)));
        choice.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(1));
        graph.AddOutput(choice.Outputs[0]!);
        var model = new OnnxModel(graph);
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        Assert.Equal([expected], session.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>([x], 1) })[0].ToArray<float>());
        long before = Libtorch.LiveTensors;
        using (var executor = new GraphExecutor(model))
        {
            using Tensor tensor = Tensor.From<float>([x], [1]);
            tensor.RequiresGrad = true;
            using Tensor y = executor.Run(tensor, training: true);
            Assert.Equal([expected], y.ToArray<float>());
            y.Backward();
            using Tensor gradient = tensor.Gradient()!;
            Assert.Equal([expected / x], gradient.ToArray<float>());
        }
        Assert.Equal(before, Libtorch.LiveTensors);

        OnnxGraph Branch(string name, Value? factor)
        {
            var branch = new OnnxGraph(name, graph);
            Value used = factor ?? branch.AddInitializer("five", OnnxTensor.From<float>([5], 1));
            branch.AddOutput(branch.AddNode("Mul", [input, used], [$"{name}Result"]).Outputs[0]!);
            branch.Outputs[0].Type = new TensorType(ElementType.Float, TensorShape.Of(1));
            return branch;
        }
    }

    [Fact]
    public void Run_Loop_CarriesStateAndCollects()
    {
        // Doubles x four times and keeps every intermediate result.
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(2));
        Value count = graph.AddInitializer("count", OnnxTensor.Scalar(4L));
        Value factor = graph.AddInitializer("factor", OnnxTensor.From<float>([2, 3], 2));
        Node loop = graph.AddNode("Loop", [count, null, input], ["last", "all"]);
        var body = new OnnxGraph("body", graph);
        body.AddInput("turn", ElementType.Int64, TensorShape.Of());
        Value goes = body.AddInput("goes", ElementType.Bool, TensorShape.Of());
        Value state = body.AddInput("state", ElementType.Float, TensorShape.Of(2));
        Value keeps = body.AddNode("Identity", [goes], ["keeps"]).Outputs[0]!;
        Value next = body.AddNode("Mul", [state, factor], ["next"]).Outputs[0]!;
        Value seen = body.AddNode("Identity", [next], ["seen"]).Outputs[0]!;
        keeps.Type = new TensorType(ElementType.Bool, TensorShape.Of());
        next.Type = seen.Type = new TensorType(ElementType.Float, TensorShape.Of(2));
        body.AddOutput(keeps);
        body.AddOutput(next);
        body.AddOutput(seen);
        loop.Attributes.Set(new NodeAttribute("body", AttributeKind.Graph, body));
        loop.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(2));
        loop.Outputs[1]!.Type = new TensorType(ElementType.Float, TensorShape.Of(4, 2));
        graph.AddOutput(loop.Outputs[0]!);
        graph.AddOutput(loop.Outputs[1]!);
        var model = new OnnxModel(graph);
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        IReadOnlyList<OnnxTensor> expected = session.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>([1, -1], 2) });
        using var executor = new GraphExecutor(model);
        using Tensor x = Tensor.From<float>([1, -1], [2]);
        Tensor[] outputs = executor.Run([x], RunMode.Training);
        Assert.Equal(expected[0].ToArray<float>(), outputs[0].ToArray<float>());
        Assert.Equal(expected[1].ToArray<float>(), outputs[1].ToArray<float>());
        Assert.Equal([4, 2], outputs[1].Shape);
        using Tensor sum = new Operator("aten::sum").Call(outputs[0]);
        sum.Backward();
        using Tensor gradient = executor.Parameters[0].Value.Gradient()!;
        Assert.Equal([4 * 8f, -4 * 27f], gradient.ToArray<float>());
        Array.ForEach(outputs, output => output.Dispose());
    }

    [Fact]
    public void Run_Function_IsWrittenOutWithItsAttributes()
    {
        OnnxModel model = OnnxModel.Parse(FunctionModel().ToBytes());
        using var session = new EngineSession(OnnxModel.Parse(model.ToBytes()));
        OnnxTensor feed = OnnxTensor.From<float>([-2, 3], 2);
        float[] expected = session.Run(new Dictionary<string, OnnxTensor> { ["x"] = feed })[0].ToArray<float>();
        using var executor = new GraphExecutor(model);
        using Tensor x = Tensor.From<float>([-2, 3], [2]);
        using Tensor y = executor.Run(x, training: false);
        Assert.Equal(expected, y.ToArray<float>());
        Assert.Equal([-0.5f, 9f], y.ToArray<float>());
    }

    /// <summary>y = Scaled(x; slope = 0.25) with Scaled(x) = LeakyRelu(x; slope) · three, or LeakyRelu(x; slope) where that is more.</summary>
    private static OnnxModel FunctionModel()
    {
        var body = new OnnxGraph("Scaled");
        Value parameter = body.AddInput("p", ElementType.Float, null);
        Value factor = body.AddInput("f", ElementType.Float, null);
        Node leaky = body.AddNode("LeakyRelu", [parameter], ["l"]);
        leaky.Attributes.Set(new NodeAttribute("alpha", AttributeKind.Float, null) { Reference = "slope" });
        Node bent = body.AddNode("Mul", [leaky.Outputs[0], factor], ["b"]);
        Node clipped = body.AddNode("Max", [bent.Outputs[0], leaky.Outputs[0]], ["r"]);
        body.AddOutput(clipped.Outputs[0]!);
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(2));
        Value three = graph.AddInitializer("three", OnnxTensor.Scalar(3f));
        Node call = graph.AddNode("Scaled", [x, three], ["y"], domain: "test.functions");
        call.Attributes.Set("slope", 0.25f);
        call.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of(2));
        graph.AddOutput(call.Outputs[0]!);
        var model = new OnnxModel(graph);
        model.Opsets["test.functions"] = 1;
        var function = new OnnxFunction(body) { Domain = "test.functions", Name = "Scaled", RequiredAttributes = ["slope"] };
        function.Opsets[""] = 17;
        model.Functions.Add(function);
        return model;
    }
}
