namespace Edge.Graph.Tests;

public sealed class OnnxGraphTests
{
    [Fact]
    public void ReplaceAllUsesWith_GraphOutput_KeepsTheOutputsName()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Value y = model.Graph.Find("y")!;
        Value relu = model.Graph.Find("relu")!;
        y.ReplaceAllUsesWith(relu);
        Assert.Equal("y", Assert.Single(model.Graph.Outputs).Name);
        Assert.Equal("Relu", model.Graph.Outputs[0].Producer!.OpType);
        Assert.False(y.IsGraphOutput);
    }

    [Fact]
    public void ReplaceAllUsesWith_GraphOutputByGraphInput_LeavesAnIdentityBetween()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(2L));
        Value y = graph.AddNode("Relu", [x], ["y"]).Outputs[0]!;
        graph.AddOutput(y);
        y.ReplaceAllUsesWith(x);
        Assert.Equal("Identity", graph.Outputs[0].Producer!.OpType);
        Assert.Equal("y", graph.Outputs[0].Name);
        Assert.Empty(ModelVerifier.Verify(new OnnxModel(graph)));
    }

    [Fact]
    public void Remove_NodeThatIsRead_IsRefused()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Assert.Throws<InvalidOperationException>(() => model.Graph.Remove(model.Graph.Find("conv")!.Producer!));
    }

    [Fact]
    public void SetInput_OtherValue_MovesTheUse()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Node relu = model.Graph.Find("relu")!.Producer!;
        relu.SetInput(0, model.Graph.Find("conv"));
        Assert.Empty(model.Graph.Find("norm")!.Uses);
        Assert.Contains(new Use(relu, 0), model.Graph.Find("conv")!.Uses);
    }

    [Fact]
    public void Rename_TakenName_IsRefused()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Assert.Throws<ArgumentException>(() => model.Graph.Rename(model.Graph.Find("conv")!, "relu"));
    }

    [Fact]
    public void FreshName_NameOfASubgraph_IsNotGiven()
    {
        var outer = new OnnxGraph("outer");
        var inner = new OnnxGraph("inner", outer);
        inner.AddInput("t", ElementType.Float, null);
        Assert.NotEqual("t", outer.FreshName("t"));
    }

    [Fact]
    public void Nodes_RemovedWhileWalked_AreEachMetOnce()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.RemoveOutput(model.Graph.Outputs[0]);
        var met = new List<string>();
        foreach (Node node in model.Graph.Nodes.Backwards())
        {
            met.Add(node.OpType);
            Assert.True(node.TryRemove());
        }
        Assert.Equal(["Dropout", "Relu", "BatchNormalization", "Conv"], met);
        Assert.Empty(model.Graph.Nodes);
    }

    [Fact]
    public void Sort_ShuffledNodes_PutsProducersFirst()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        Node[] reversed = [.. model.Graph.Nodes.Reverse()];
        model.Graph.Nodes.Reorder(reversed);
        Assert.NotEmpty(ModelVerifier.Verify(model));
        GraphSorter.Sort(model.Graph);
        Assert.Empty(ModelVerifier.Verify(model));
    }

    [Fact]
    public void Sort_Circle_IsRefusedWithTheNode()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.Find("conv")!.Producer!.SetInput(0, model.Graph.Find("relu"));
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => GraphSorter.Sort(model.Graph));
        Assert.Contains("circle", e.Message, StringComparison.Ordinal);
    }
}
