namespace Edge.Graph.Tests.Schemas;

public sealed class NodeVerifierTests
{
    [Fact]
    public void Verify_OperatorThatIsMisspelt_NamesTheNearest() =>
        Assert.Equal(["MaxPol node 'y': opset 17 has no operator of that name; is 'MaxPool' meant?"], Problems("MaxPol", 1));

    [Fact]
    public void Verify_OperatorOfALaterSet_SaysSince() =>
        Assert.Equal(["Gelu node 'y': opset 17 does not have the operator; it came with version 20"], Problems("Gelu", 1));

    [Fact]
    public void Verify_OperatorThatIsGone_SaysSince() =>
        Assert.Equal(["Upsample node 'y': the operator is gone from opset 10 on, the model imports 17"], Problems("Upsample", 2));

    [Fact]
    public void Verify_TooFewAndTooManyInputs_AreCounted()
    {
        Assert.Equal(["Conv node 'y': has 1 input, the operator takes 2 to 3"], Problems("Conv", 1));
        Assert.Equal(["Relu node 'y': has 2 inputs, the operator takes 1"], Problems("Relu", 2));
        Assert.Equal(["Concat node 'y': has 0 inputs, the operator takes at least 1"], Problems("Concat", 0, node => node.Attributes.Set("axis", 0)));
    }

    [Fact]
    public void Verify_InputLeftOutThatIsNeeded_IsNamed() =>
        Assert.Equal(["Conv node 'y': leaves out input 'X', which the operator needs"], Problems("Conv", 2, node => node.SetInput(0, null)));

    [Fact]
    public void Verify_Attributes_UnknownOfWrongKindAndMissing()
    {
        Assert.Equal(["Conv node 'y': attribute 'stride' is unknown to Conv-11; is 'strides' meant?"], Problems("Conv", 2, node => node.Attributes.Set("stride", [1, 1])));
        Assert.Equal(["Conv node 'y': attribute 'strides' is of kind Int, Ints is expected"], Problems("Conv", 2, node => node.Attributes.Set("strides", 1)));
        Assert.Equal(["Concat node 'y': lacks the attribute 'axis'"], Problems("Concat", 1));
    }

    [Fact]
    public void Verify_Types_ForbiddenAndContradicting()
    {
        Assert.Equal(
            ["Conv node 'y': input 'W' ('i1') is int64, the operator takes float"],
            Problems("Conv", 2, node => node.Inputs[1]!.Type = new TensorType(ElementType.Int64, null)));
        Assert.Equal(
            ["Add node 'y': input 'B' ('i1') is int64 and 'i0' is float32; the operator wants one type for both"],
            Problems("Add", 2, node => node.Inputs[1]!.Type = new TensorType(ElementType.Int64, null)));
    }

    [Fact]
    public void Verify_ForeignDomain_IsNoProblem()
    {
        var graph = new OnnxGraph("g");
        graph.AddOutput(graph.AddNode("Anything", [graph.AddInput("x", ElementType.Float, null)], ["y"], domain: "com.microsoft").Outputs[0]!);
        var model = new OnnxModel(graph);
        model.Opsets["com.microsoft"] = 1;
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void Verify_CallOfAFunction_IsHeldAgainstTheFunction()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, null);
        Node call = graph.AddNode("Twice", [x, x], ["y", "z"], domain: "local");
        call.Attributes.Set("alpa", 1);
        graph.AddOutput(call.Outputs[0]!);
        var body = new OnnxGraph("Twice");
        Value input = body.Define("a");
        body.MarkInput(input);
        body.AddOutput(body.AddNode("Relu", [input], ["b"]).Outputs[0]!);
        var function = new OnnxFunction(body) { Domain = "local", Name = "Twice", RequiredAttributes = ["alpha"] };
        function.Opsets[""] = 17;
        var model = new OnnxModel(graph);
        model.Functions.Add(function);
        Assert.Equal(
            [
                "local.Twice node 'y': gives 2 inputs to a function that takes 1",
                "local.Twice node 'y': takes 2 outputs from a function that gives 1",
                "local.Twice node 'y': lacks the attribute 'alpha', which the function needs",
                "local.Twice node 'y': attribute 'alpa' is unknown to the function; is 'alpha' meant?",
            ],
            ModelVerifier.Verify(model).Select(problem => problem.ToString()));
    }

    private static IEnumerable<string> Problems(string opType, int inputs, Action<Node>? change = null)
    {
        var graph = new OnnxGraph("g");
        Value[] values = [.. Enumerable.Range(0, inputs).Select(index => graph.AddInput($"i{index}", ElementType.Float, null))];
        Node node = graph.AddNode(opType, values, ["y"]);
        graph.AddOutput(node.Outputs[0]!);
        change?.Invoke(node);
        return ModelVerifier.Verify(new OnnxModel(graph)).Select(problem => problem.ToString());
    }

    [Theory]
    [InlineData(3L, null, "num_outputs is 3, but it has 2 outputs")]
    [InlineData(null, new[] { 1L, 1, 2 }, "splits into 3 parts, but it has 2 outputs")]
    [InlineData(null, new[] { 5L, -1 }, "one of its parts is -1 long")]
    [InlineData(2L, null, null)]
    [InlineData(null, new[] { 1L, 3 }, null)]
    public void Verify_SplitThatDoesNotFitItsOutputs_IsRefused(long? number, long[]? sizes, string? problem)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(4));
        Node node = graph.AddNode("Split", sizes is null ? [x] : [x, graph.AddInitializer("sizes", OnnxTensor.From<long>(sizes, sizes.Length))], ["a", "b"], "cut");
        if (number is { } count)
        {
            node.Attributes.Set("num_outputs", count);
        }
        graph.AddOutput(node.Outputs[0]!);
        IReadOnlyList<ModelProblem> found = ModelVerifier.Verify(new OnnxModel(graph, 18));
        Assert.Equal(problem is null ? [] : [$"Split node 'cut': {problem}"], found.Select(item => item.ToString()).Where(text => text.StartsWith("Split", StringComparison.Ordinal)));
    }
}
