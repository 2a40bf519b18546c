using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class FoldConstantsTests
{
    [Fact]
    public void FoldConstants_ChainOfConstants_IsOneInitializer()
    {
        var net = new Net();
        Value x = net.Input("x", 2, 6);
        Value w = net.Op("Transpose", a => a.Set("perm", [1, 0]), net.Op("Mul", net.Weights(4, 6), net.Number(2)));
        Assert.Equal(["MatMul"], PassCheck.Applies(new FoldConstants(), net.Output(net.Op("MatMul", x, w))));
    }

    [Fact]
    public void FoldConstants_LargeWeights_AreGivenToTheEngineWhereTheyLie()
    {
        var net = new Net();
        Value w = net.Op("Transpose", a => a.Set("perm", [1, 0]), net.Weights(64, 32));
        Assert.Equal(["MatMul"], PassCheck.Applies(new FoldConstants(), net.Output(net.Op("MatMul", net.Input("x", 2, 32), w))));
    }

    [Fact]
    public void FoldConstants_ResultMuchLargerThanItsInputs_IsLeftAlone()
    {
        var net = new Net();
        Value large = net.Op("ConstantOfShape", net.Longs(1000, 1000));
        PassCheck.LeavesAlone(new FoldConstants(), net.Output(net.Op("Add", net.Input("x", 1, 1000), large)));
    }

    [Fact]
    public void FoldConstants_LargeFill_StaysANodeAndASmallOneIsFolded()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 4, 64, 64);
        Value large = net.Op("ConstantOfShape", net.Longs(1, 4, 64, 64));
        Value small = net.Op("ConstantOfShape", net.Longs(1, 4, 1, 1));
        Assert.Equal(["ConstantOfShape", "Add", "Add"], PassCheck.Applies(new FoldConstants(), net.Output(net.Op("Add", net.Op("Add", x, large), small))));
    }

    [Fact]
    public void FoldConstants_AbsurdSize_IsLeftAloneWithoutBeingTried()
    {
        var net = new Net();
        Value large = net.Op("ConstantOfShape", net.Longs(1L << 40, 1L << 20));
        PassCheck.LeavesAlone(new FoldConstants(), net.Output(net.Op("Gather", large, net.Input("i", ElementType.Int64, 1))));
    }

    [Fact]
    public void FoldConstants_RandomOrQuantized_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        Value random = net.Op("RandomUniformLike", net.Weights(2));
        Value stored = net.Graph.AddInitializer("q", OnnxTensor.From<sbyte>([1, 2], 2));
        Value weights = net.Op("DequantizeLinear", stored, net.Graph.AddInitializer("s", OnnxTensor.Scalar(0.5f)));
        PassCheck.LeavesAlone(new FoldConstants(), net.Output(net.Op("Add", net.Op("Add", x, random), weights)));
    }

    [Fact]
    public void FoldConstants_NodeThatTheEngineRefuses_StaysAndTheRestIsFolded()
    {
        var net = new Net();
        Value x = net.Input("x", 2);
        Value good = net.Op("Exp", net.Weights(2));
        Value bad = net.Op("Gather", net.Weights(4), net.Longs(9));
        Value other = net.Op("Neg", net.Weights(2));
        OnnxModel model = net.Output(net.Op("Add", net.Op("Add", x, good), other), net.Op("Mul", x, bad));
        Edge.Graph.Inference.ShapeInference.Run(model);
        Assert.Equal(2, new FoldConstants().Run(model));
        Assert.Equal(["Add", "Add", "Gather", "Mul"], PassCheck.Operators(model).Order());
    }

    [Fact]
    public void FoldConstants_ResultThatIsGivenOut_StaysUnderItsName()
    {
        var net = new Net();
        Value sum = net.Op("Add", net.Weights(2), net.Weights(2));
        string name = sum.Name;
        OnnxModel model = net.Output(net.Op("Relu", net.Input("x", 2)), sum);
        Assert.Equal(["Relu", "Identity"], PassCheck.Applies(new FoldConstants(), model));
        Assert.Equal(name, model.Graph.Outputs[1].Name);
    }

    [Fact]
    public void FoldConstants_Strings_AreFolded()
    {
        var net = new Net();
        Value words = net.Graph.AddInitializer("words", new OnnxTensor([2], ["a"u8.ToArray(), "b"u8.ToArray()]));
        Value turned = net.Op("Reshape", words, net.Longs(2, 1));
        Value y = net.Op("Gather", turned, net.Input("i", ElementType.Int64, 1));
        y.Type = new TensorType(ElementType.String, null);
        Assert.Equal(["Gather"], PassCheck.Applies(new FoldConstants(), net.Output(y)));
    }

    [Fact]
    public void FoldShapeArithmetic_ShapeGatherConcatOfKnownSizes_IsAConstant()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 3, 4);
        Value rows = net.Op("Unsqueeze", net.Op("Gather", net.Op("Shape", x), net.Graph.AddInitializer("one", OnnxTensor.Scalar(1L))), net.Longs(0));
        Value shape = net.Op("Concat", a => a.Set("axis", 0L), net.Longs(-1), rows, net.Longs(2, 2));
        Assert.Equal(["Reshape"], PassCheck.Applies(new FoldShapeArithmetic(), net.Output(net.Op("Reshape", x, shape))));
    }

    [Fact]
    public void FoldShapeArithmetic_SizeOfTheRun_IsLeftAlone()
    {
        var net = new Net();
        Value y = net.Op("Shape", net.Input("x", "batch", 3));
        y.Type = new TensorType(ElementType.Int64, null);
        PassCheck.LeavesAlone(new FoldShapeArithmetic(), net.Output(y));
    }
}
