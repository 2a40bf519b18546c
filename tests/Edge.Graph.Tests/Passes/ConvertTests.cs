using Edge.Graph.Execution;
using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class ConvertTests
{
    private static readonly ProofOptions HalfTolerance = new() { AbsoluteTolerance = 5e-3, RelativeTolerance = 5e-3, Threads = 1 };

    [Fact]
    public void UpgradeOpset_AttributesThatBecameInputs_ComputeTheSame()
    {
        var net = new Net(7);
        net.Model.IrVersion = 3;
        Value x = net.Input("x", 2, 3, 4, 4);
        Value[] values =
        [
            net.Op("Clip", a => { a.Set("min", 0.1f); a.Set("max", 0.9f); }, x),
            net.Op("Clip", a => a.Set("max", 0.5f), x),
            net.Op("Pad", a => { a.Set("pads", [0, 0, 1, 0, 0, 0, 0, 2]); a.Set("value", 0.25f); }, x),
            net.Op("Slice", a => { a.Set("starts", [1, -3]); a.Set("ends", [2, int.MaxValue]); a.Set("axes", [1, 3]); }, x),
            net.Op("Squeeze", a => a.Set("axes", [2]), net.Op("Unsqueeze", a => a.Set("axes", [0, 2]), net.Op("ReduceSum", a => { a.Set("axes", [1]); a.Set("keepdims", 0L); }, x))),
            net.Op("Softmax", x),
            net.Op("LogSoftmax", a => a.Set("axis", 3L), x),
            net.Op("Softmax", net.Op("ReduceMean", a => a.Set("axes", [2, 3]), x)),
            net.Op("Dropout", a => a.Set("ratio", 0.3f), x),
            net.Op("Upsample", a => { a.Set("mode", "nearest"); a.Set(new NodeAttribute("scales", AttributeKind.Floats, new[] { 1f, 1f, 2f, 3f })); }, x),
            net.Op("Upsample", a => { a.Set("mode", "linear"); a.Set(new NodeAttribute("scales", AttributeKind.Floats, new[] { 1f, 1f, 2f, 2f })); }, x),
            net.Norm(x, 3),
        ];
        Node split = net.Graph.AddNode("Split", [x], ["s0", "s1"]);
        split.Attributes.Set("axis", 1L);
        split.Attributes.Set("split", [1L, 2L]);
        Node top = net.Graph.AddNode("TopK", [x], ["t0", "t1"]);
        top.Attributes.Set("k", 2L);
        top.Outputs[1]!.Type = new TensorType(ElementType.Int64, null);
        OnnxModel model = net.Output([.. values, .. split.Outputs.Concat(top.Outputs).Select(value => value!)]);
        foreach (long target in (long[])[9, 10, 11, 13, 17, 18, 21])
        {
            OnnxModel upgraded = OnnxModel.Parse(model.ToBytes());
            Assert.NotEqual(0, new UpgradeOpset(target).Run(upgraded));
            Assert.Equal(target, upgraded.Opset);
            Assert.Empty(ModelVerifier.Verify(upgraded));
            PassCheck.IsProven(model, upgraded);
            Assert.Equal(0, new UpgradeOpset(target).Run(upgraded));
        }
    }

    [Fact]
    public void UpgradeOpset_SoftmaxInABranch_IsUpgradedThere()
    {
        var net = new Net(12);
        Value x = net.Input("x", 2, 3, 4);
        OnnxGraph Branch(string opType)
        {
            var branch = new OnnxGraph(opType, net.Graph);
            Value made = branch.AddNode(opType, [x], [opType + "_out"]).Outputs[0]!;
            made.Type = new TensorType(ElementType.Float, null);
            branch.AddOutput(made);
            return branch;
        }
        Node choice = net.Graph.AddNode("If", [net.Input("flag", ElementType.Bool)], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, Branch("Softmax")));
        choice.Attributes.Set(new NodeAttribute("else_branch", AttributeKind.Graph, Branch("LogSoftmax")));
        PassCheck.Applies(new UpgradeOpset(17), net.Output(choice.Outputs[0]!), new ProofOptions { RandomRuns = 6, Threads = 1 });
    }

    [Fact]
    public void UpgradeOpset_UnknownOperator_IsRefusedByNameAndNothingChanges()
    {
        var net = new Net(9);
        OnnxModel model = net.Output(net.Op("Clip", net.Op("ATen", net.Input("x", 2))));
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => new UpgradeOpset().Run(model));
        Assert.Contains("ATen", e.Message, StringComparison.Ordinal);
        Assert.Equal(9, model.Opset);
    }

    [Fact]
    public void UpgradeOpset_OlderThanSeven_IsRefused()
    {
        var net = new Net(6);
        Assert.Contains("opset 6", Assert.Throws<ModelFormatException>(() => new UpgradeOpset().Run(net.Output(net.Op("Relu", net.Input("x", 2))))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UpgradeOpset_NewEnough_IsLeftAlone()
    {
        var net = new Net(17);
        PassCheck.LeavesAlone(new UpgradeOpset(17), net.Output(net.Op("Relu", net.Input("x", 2))));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(22)]
    public void UpgradeOpset_TargetOutOfRange_IsRefused(long target) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new UpgradeOpset(target));

    [Fact]
    public void WeightsToFloat16_LargeWeights_AreStoredInHalfTheSpaceAndStayThroughThePipeline()
    {
        var net = new Net();
        Value y = net.Op("Gemm", net.Input("x", "batch", 32), net.Weights(32, 32), net.Weights(32));
        OnnxModel model = net.Output(y);
        Assert.Equal(["Cast", "Gemm"], PassCheck.Applies(new WeightsToFloat16(), model, HalfTolerance));
        PassPipeline.ForDeployment.Run(model);
        Assert.Equal(["Cast", "Gemm"], PassCheck.Operators(model));
    }

    [Fact]
    public void WeightsToFloat16_BeyondTheRangeOrSmall_IsLeftAlone()
    {
        var net = new Net();
        float[] large = new float[400];
        large[3] = 1e6f;
        Value y = net.Op("Add", net.Op("Add", net.Input("x", 1, 400), net.Floats(large, 400)), net.Weights(1));
        PassCheck.LeavesAlone(new WeightsToFloat16(), net.Output(y));
    }

    [Fact]
    public void ConvertToFloat16_Network_ComputesInFloat16BetweenFloat32Ends()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3, 8, 8);
        Value conv = net.Op("Relu", net.Norm(net.Op("Conv", x, net.Weights(4, 3, 3, 3), net.Weights(4)), 4));
        Value larger = net.Op("Resize", a => { a.Set("mode", "nearest"); a.Set("coordinate_transformation_mode", "asymmetric"); a.Set("nearest_mode", "floor"); }, conv, null, net.Floats([1, 1, 2, 2], 4));
        Value back = net.Op("Cast", a => a.Set("to", 1L), net.Op("Cast", a => a.Set("to", 7L), larger));
        OnnxModel source = net.Output(net.Op("Softmax", net.Op("Flatten", larger)), conv, back);
        OnnxModel model = OnnxModel.Parse(source.ToBytes());
        Assert.NotEqual(0, new ConvertToFloat16().Run(model));
        Assert.Empty(ModelVerifier.Verify(model));
        Assert.Equal([ElementType.Float, ElementType.Float, ElementType.Float], model.Graph.Outputs.Select(value => value.ElementType!.Value));
        Assert.Equal(ElementType.Float16, model.Graph.Nodes.First(node => node.OpType == "Conv").Inputs[1]!.ElementType);
        PassCheck.IsProven(source, model, HalfTolerance with { Optimize = false });
    }

    [Fact]
    public void ConvertToFloat16_OperatorWithoutFloat16_StaysFloat32()
    {
        var net = new Net();
        OnnxModel source = net.Output(net.Op("Relu", net.Op("Celu", net.Op("Relu", net.Input("x", 1, 8)))));
        OnnxModel model = OnnxModel.Parse(source.ToBytes());
        Assert.Equal(2, new ConvertToFloat16().Run(model));
        Assert.Equal(["Cast", "Relu", "Cast", "Celu", "Cast", "Relu", "Cast"], PassCheck.Operators(model));
        PassCheck.IsProven(source, model, HalfTolerance);
    }

    [Fact]
    public void ConvertToFloat16_Subgraphs_AreRefused()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        var branch = new OnnxGraph("b", net.Graph);
        branch.AddOutput(branch.AddNode("Relu", [x], ["r"]).Outputs[0]!);
        Node choice = net.Graph.AddNode("If", [net.Input("flag", ElementType.Bool)], ["y"]);
        choice.Attributes.Set(new NodeAttribute("then_branch", AttributeKind.Graph, branch));
        Assert.Contains("If", Assert.Throws<ModelFormatException>(() => new ConvertToFloat16().Run(net.Output(choice.Outputs[0]!))).Message, StringComparison.Ordinal);
    }
}
