using Edge.Graph.Passes;

namespace Edge.Graph.Tests;

public sealed class PassTests
{
    [Fact]
    public void ForDeployment_ConvNormReluDropout_LeavesConvReluAndTheSameResult()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        float[] input = GraphFixtures.Random(new Random(3), -0.5f, 2, 3, 8, 8).ToArray<float>();
        float[] before = Engine.Run(model, input, 2, 3, 8, 8);

        IReadOnlyList<PassResult> results = PassPipeline.ForDeployment.Run(model);

        Assert.Equal(["Conv", "Relu"], model.Graph.Nodes.Select(node => node.OpType));
        Assert.Equal("y", model.Graph.Outputs[0].Name);
        Assert.Equal(2, model.Graph.Initializers.Count);
        Assert.Contains(results, result => result is { Pass: "fold BatchNormalization into the layer before", Changes: 1 });
        float[] after = Engine.Run(model, input, 2, 3, 8, 8);
        for (int index = 0; index < before.Length; index++)
        {
            Assert.Equal(before[index], after[index], 1e-5f);
        }
    }

    [Fact]
    public void ForDeployment_SecondRun_ChangesNothing()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        PassPipeline.ForDeployment.Run(model);
        byte[] once = model.ToBytes();
        Assert.All(PassPipeline.ForDeployment.Run(model), result => Assert.Equal(0, result.Changes));
        Assert.Equal(once, model.ToBytes());
    }

    [Fact]
    public void RemoveInitializersFromInputs_WeightListedAsInput_IsAConstantAfterwards()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(2L));
        Value w = graph.AddInput("w", ElementType.Float, TensorShape.Of(2L));
        graph.SetConstant(w, OnnxTensor.From<float>([1, 2], 2));
        graph.AddOutput(graph.AddNode("Add", [x, w], ["y"]).Outputs[0]!);
        var model = new OnnxModel(graph) { IrVersion = 3 };
        Assert.Equal(1, new RemoveInitializersFromInputs().Run(model));
        Assert.Equal(["x"], graph.Inputs.Select(value => value.Name));
        Assert.True(w.IsConstant);
        Assert.Equal(4, model.IrVersion);
    }

    [Fact]
    public void FoldBatchNormalization_ConvThatOthersReadToo_IsLeftAlone()
    {
        OnnxModel model = GraphFixtures.ConvNormRelu();
        model.Graph.AddOutput(model.Graph.Find("conv")!);
        Assert.Equal(0, new FoldBatchNormalization().Run(model));
    }
}
