namespace Edge.Graph.Tests;

public sealed class GraphExtractorTests
{
    [Fact]
    public void Extract_MiddlePart_ComputesWhatTheWholeComputes()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        byte[] before = model.ToBytes();
        OnnxModel head = GraphExtractor.Extract(model, ["x"], ["norm"]);
        OnnxModel tail = GraphExtractor.Extract(model, ["norm"], ["y"]);
        Assert.Equal(["Conv", "BatchNormalization"], head.Graph.Nodes.Select(node => node.OpType));
        Assert.Equal(["Relu", "Dropout"], tail.Graph.Nodes.Select(node => node.OpType));
        Assert.Equal(5, head.Graph.Initializers.Count);
        Assert.Empty(tail.Graph.Initializers);
        Assert.Equal(before, model.ToBytes());
        head.Graph.Outputs[0].Type = tail.Graph.Inputs[0].Type = new TensorType(ElementType.Float, TensorShape.Of("batch", 4, 6, 6));
        float[] input = GraphFixtures.Random(new Random(5), -0.5f, 2, 3, 8, 8).ToArray<float>();
        float[] middle = Engine.Run(head, input, 2, 3, 8, 8);
        Assert.Equal(Engine.Run(model, input, 2, 3, 8, 8), Engine.Run(tail, middle, 2, 4, 6, 6));
    }

    [Fact]
    public void Extract_InitializerAsInput_IsAskedFor()
    {
        OnnxModel part = GraphExtractor.Extract(GraphFixtures.ConvNormRelu(), ["x", "weight"], ["conv"]);
        Assert.Equal(["x", "weight"], part.Graph.Inputs.Select(value => value.Name));
        Assert.Equal(new TensorType(ElementType.Float, TensorShape.Of(4L, 3L, 3L, 3L)), part.Graph.Inputs[1].Type);
        Assert.Empty(part.Graph.Initializers);
        Assert.Empty(ModelVerifier.Verify(part));
    }

    [Fact]
    public void Extract_InputThatIsNotListed_IsNamed()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => GraphExtractor.Extract(GraphFixtures.ConvNormRelu(), [], ["y"]));
        Assert.Contains("'x'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extract_NoSuchValue_IsNamed() =>
        Assert.Contains("'nowhere'", Assert.Throws<ArgumentException>(() => GraphExtractor.Extract(GraphFixtures.ConvNormRelu(), ["x"], ["nowhere"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Extract_OneOutputOfANodeAsInputAndAnotherAsOutput_KeepsTheNode()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(4L));
        Node split = graph.AddNode("Split", [x], ["a", "b"]);
        split.Attributes.Set("num_outputs", 2L);
        graph.AddOutput(graph.AddNode("Add", [split.Outputs[0], split.Outputs[1]], ["y"]).Outputs[0]!);
        OnnxModel part = GraphExtractor.Extract(new OnnxModel(graph, 18), ["x", "a"], ["y"]);
        Assert.Equal(["Split", "Add"], part.Graph.Nodes.Select(node => node.OpType));
        Assert.Empty(ModelVerifier.Verify(part));
        Node add = part.Graph.Outputs[0].Producer!;
        Assert.True(add.Inputs[0]!.IsGraphInput);
        Assert.Same(part.Graph.Nodes.First, add.Inputs[1]!.Producer);
    }

    [Fact]
    public void Extract_NodeWithBranches_CopiesThemAndWhatTheyReadFromAround()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(2L));
        Value flag = graph.AddInput("flag", ElementType.Bool, TensorShape.Scalar);
        Value shift = graph.AddInitializer("shift", OnnxTensor.From<float>([1, 2], 2));
        Value used = graph.AddNode("Abs", [x], ["used"]).Outputs[0]!;
        _ = graph.AddNode("Neg", [x], ["unused"]);
        OnnxGraph Branch(string name, string op)
        {
            var branch = new OnnxGraph(name, graph);
            Value own = branch.AddInitializer(name + "_w", OnnxTensor.From<float>([3, 4], 2));
            Value sum = branch.AddNode(op, [used, shift], [name + "_sum"]).Outputs[0]!;
            Value y = branch.AddNode("Mul", [sum, own], [name + "_y"]).Outputs[0]!;
            y.Type = new TensorType(ElementType.Float, TensorShape.Of(2L));
            branch.AddOutput(y);
            return branch;
        }
        Node choice = graph.AddNode("If", [flag], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("then", "Add")));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("else", "Sub")));
        graph.AddOutput(choice.Outputs[0]!);
        var model = new OnnxModel(graph);

        OnnxModel part = GraphExtractor.Extract(model, ["x", "flag"], ["y"]);

        Assert.Empty(ModelVerifier.Verify(part));
        Assert.Equal(["Abs", "If"], part.Graph.Nodes.Select(node => node.OpType));
        Assert.Equal(["shift"], part.Graph.Initializers.Select(value => value.Name));
        Assert.Equal(part.ToBytes(), OnnxModel.Parse(part.ToBytes()).ToBytes());
        Assert.DoesNotContain(model.Graph.Values, value => value.Uses.Any(use => use.Node.Graph.Parent == part.Graph || use.Node.Graph == part.Graph));
    }

    [Fact]
    public void InsertBehind_GraphOutput_KeepsTheOutputsName()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Node node = model.Graph.InsertBehind(model.Graph.Find("y")!, "Sigmoid", "inserted");
        Assert.Equal("y", Assert.Single(model.Graph.Outputs).Name);
        Assert.Same(node, model.Graph.Outputs[0].Producer);
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void InsertBehind_GraphInput_IsReadByEveryReader()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Value x = model.Graph.Find("x")!;
        Node node = model.Graph.InsertBehind(x, "Mul", "scaled", [model.Graph.AddInitializer("factor", OnnxTensor.Scalar(2f))]);
        Assert.Same(node, model.Graph.Nodes.First);
        Assert.Equal(new Use(node, 0), Assert.Single(x.Uses));
        Assert.Equal("Conv", Assert.Single(node.Outputs[0]!.Uses).Node.OpType);
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void RemoveInput_ThenAddInput_KeepsTheOrderOfTheOthers()
    {
        var graph = new OnnxGraph("g");
        Value[] inputs = [.. Enumerable.Range(0, 5).Select(index => graph.AddInput($"i{index}", ElementType.Float, null))];
        graph.RemoveInput(inputs[1]);
        graph.RemoveInput(inputs[3]);
        graph.AddInput("i5", ElementType.Float, null);
        Assert.Equal(["i0", "i2", "i4", "i5"], graph.Inputs.Select(value => value.Name));
        graph.AddInput("i1", ElementType.Float, null);
        Assert.Equal(5, graph.Inputs.Count);
    }
}
