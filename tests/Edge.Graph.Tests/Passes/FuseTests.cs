using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class FuseTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FoldBatchNormalization_Conv_IsFolded(int groups)
    {
        var net = new Net();
        Value conv = net.Op("Conv", a => { a.Set("group", (long)groups); a.Set("pads", [1, 1, 1, 1]); }, net.Input("x", "batch", 4, 6, 6), net.Weights(6, 4 / groups, 3, 3));
        Assert.Equal(["Conv"], PassCheck.Applies(new FoldBatchNormalization(), net.Output(net.Norm(conv, 6))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FoldBatchNormalization_ConvTranspose_IsFolded(int groups)
    {
        var net = new Net();
        Value conv = net.Op("ConvTranspose", a => { a.Set("group", (long)groups); a.Set("strides", [2, 2]); }, net.Input("x", 1, 4, 5, 5), net.Weights(4, 6 / groups, 3, 3), net.Weights(6));
        Assert.Equal(["ConvTranspose"], PassCheck.Applies(new FoldBatchNormalization(), net.Output(net.Norm(conv, 6))));
    }

    [Theory]
    [InlineData(0, 1f, 1f)]
    [InlineData(1, 0.5f, 2f)]
    public void FoldBatchNormalization_Gemm_IsFolded(int transposed, float alpha, float beta)
    {
        var net = new Net();
        Value gemm = net.Op("Gemm", a => { a.Set("transB", (long)transposed); a.Set("alpha", alpha); a.Set("beta", beta); },
            net.Input("x", "batch", 5), transposed == 0 ? net.Weights(5, 3) : net.Weights(3, 5), net.Weights(1, 3));
        Assert.Equal(["Gemm"], PassCheck.Applies(new FoldBatchNormalization(), net.Output(net.Norm(gemm, 3))));
    }

    [Fact]
    public void FoldBatchNormalization_MatMul_BecomesGemm()
    {
        var net = new Net();
        Value product = net.Op("MatMul", net.Input("x", "batch", 5), net.Weights(5, 3));
        Assert.Equal(["Gemm"], PassCheck.Applies(new FoldBatchNormalization(), net.Output(net.Norm(product, 3))));
    }

    [Fact]
    public void FoldBatchNormalization_WhereItMustNot_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 4, 6, 6);
        Value shared = net.Op("Conv", x, net.Weights(3, 4, 3, 3));
        Value computed = net.Op("Conv", x, net.Op("Relu", net.Input("weight", 3, 4, 3, 3)));
        Value batches = net.Op("MatMul", net.Input("v", 2, 3, 5), net.Weights(5, 3));
        PassCheck.LeavesAlone(new FoldBatchNormalization(), net.Output(net.Norm(shared, 3), net.Op("Relu", shared), net.Norm(computed, 3), net.Norm(batches, 3)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FoldBatchNormalizationIntoNext_ConvThatDoesNotPad_IsFolded(int groups)
    {
        var net = new Net();
        Value norm = net.Norm(net.Input("x", "batch", 4, 6, 6), 4);
        Assert.Equal(["Conv"], PassCheck.Applies(new FoldBatchNormalizationIntoNext(), net.Output(net.Op("Conv", a => a.Set("group", (long)groups), norm, net.Weights(6, 4 / groups, 3, 3)))));
    }

    [Fact]
    public void FoldBatchNormalizationIntoNext_Gemm_IsFolded()
    {
        var net = new Net();
        Value norm = net.Norm(net.Input("x", "batch", 4), 4);
        Assert.Equal(["Gemm"], PassCheck.Applies(new FoldBatchNormalizationIntoNext(), net.Output(net.Op("Gemm", a => { a.Set("transB", 1L); a.Set("alpha", 3f); }, norm, net.Weights(3, 4), net.Weights(3)))));
    }

    [Fact]
    public void FoldBatchNormalizationIntoNext_ConvThatPadsOrASecondReader_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 4, 6, 6);
        Value padded = net.Op("Conv", a => a.Set("pads", [1, 1, 1, 1]), net.Norm(x, 4), net.Weights(6, 4, 3, 3));
        Value norm = net.Norm(x, 4);
        PassCheck.LeavesAlone(new FoldBatchNormalizationIntoNext(), net.Output(padded, net.Op("Conv", norm, net.Weights(6, 4, 3, 3)), net.Op("Relu", norm)));
    }

    [Theory]
    [InlineData("Mul", false)]
    [InlineData("Div", false)]
    [InlineData("Add", true)]
    [InlineData("Sub", false)]
    [InlineData("Sub", true)]
    public void FoldScaleAndShift_PerChannelBehindConv_IsFolded(string opType, bool constantFirst)
    {
        var net = new Net();
        Value conv = net.Op("Conv", a => a.Set("group", 2L), net.Input("x", "batch", 4, 6, 6), net.Weights(6, 2, 3, 3));
        Value constant = net.Positive(6, 1, 1);
        Value y = constantFirst ? net.Op(opType, constant, conv) : net.Op(opType, conv, constant);
        Assert.Equal(["Conv"], PassCheck.Applies(new FoldScaleAndShift(), net.Output(y)));
    }

    [Fact]
    public void FoldScaleAndShift_ScalarBehindGemmAndMatMul_IsFolded()
    {
        var net = new Net();
        Value x = net.Input("x", "batch", 4);
        Value gemm = net.Op("Mul", net.Op("Gemm", a => a.Set("beta", 2f), x, net.Weights(4, 3), net.Weights(3)), net.Number(3));
        Value product = net.Op("Div", net.Op("MatMul", net.Input("v", 2, 3, 4), net.Weights(4, 3)), net.Positive(3));
        Assert.Equal(["Gemm", "MatMul"], PassCheck.Applies(new FoldScaleAndShift(), net.Output(gemm, product)));
    }

    [Fact]
    public void FoldScaleAndShift_WhereItMustNot_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 4, 6, 6);
        Value Conv() => net.Op("Conv", x, net.Weights(6, 4, 1, 1));
        Value shared = Conv();
        Value[] values =
        [
            net.Op("Mul", Conv(), net.Positive(6)), // along the last axis
            net.Op("Add", Conv(), net.Positive(1, 1, 1, 1, 1)), // one axis more
            net.Op("Div", net.Positive(6, 1, 1), Conv()),
            net.Op("Div", Conv(), net.Floats([0, 1, 1, 1, 1, 1], 6, 1, 1)),
            net.Op("Mul", shared, net.Number(2)), net.Op("Relu", shared),
            net.Op("Add", net.Op("MatMul", net.Input("v", 2, 3, 4), net.Weights(4, 3)), net.Weights(3)),
            net.Op("Mul", Conv(), net.Input("u", 1, 6, 6, 6)),
        ];
        PassCheck.LeavesAlone(new FoldScaleAndShift(), net.Output(values));
    }

    [Fact]
    public void FuseMatMulAdd_Matrices_IsGemm()
    {
        var net = new Net();
        Value y = net.Op("Add", net.Weights(3), net.Op("MatMul", net.Input("x", "batch", 4), net.Weights(4, 3)));
        Assert.Equal(["Gemm"], PassCheck.Applies(new FuseMatMulAdd(), net.Output(y)));
    }

    [Fact]
    public void FuseMatMulAdd_ThreeAxesOrAColumn_IsLeftAlone()
    {
        var net = new Net();
        Value batches = net.Op("Add", net.Op("MatMul", net.Input("x", 2, 5, 4), net.Weights(4, 3)), net.Weights(3));
        Value column = net.Op("Add", net.Op("MatMul", net.Input("v", 1, 4), net.Weights(4, 3)), net.Weights(2, 1));
        PassCheck.LeavesAlone(new FuseMatMulAdd(), net.Output(batches, column));
    }

    [Fact]
    public void FusePadIntoConv_Zeros_AreTheConvsPads()
    {
        var net = new Net();
        Value pad = net.Op("Pad", net.Input("x", 1, 2, 6, 6), net.Longs(0, 0, 0, 1, 0, 0, 2, 1));
        OnnxModel model = net.Output(net.Op("Conv", a => a.Set("pads", [1, 0, 0, 0]), pad, net.Weights(3, 2, 3, 3)));
        Assert.Equal(["Conv"], PassCheck.Applies(new FusePadIntoConv(), model));
        Assert.Equal([1, 1, 2, 1], model.Graph.Nodes.First!.Attributes.GetInts("pads", [])!);
    }

    [Fact]
    public void FusePadIntoConv_OtherNumberModeOrAxis_IsLeftAlone()
    {
        var net = new Net();
        Value x = net.Input("x", 1, 2, 6, 6);
        Value Conv(Value pad, int channels = 2) => net.Op("Conv", pad, net.Weights(3, channels, 3, 3));
        PassCheck.LeavesAlone(new FusePadIntoConv(), net.Output(
            Conv(net.Op("Pad", x, net.Longs(0, 0, 1, 1, 0, 0, 1, 1), net.Graph.AddInitializer("one", OnnxTensor.Scalar(1f)))),
            Conv(net.Op("Pad", a => a.Set("mode", "reflect"), x, net.Longs(0, 0, 1, 1, 0, 0, 1, 1))),
            Conv(net.Op("Pad", x, net.Longs(0, 1, 0, 0, 0, 0, 0, 0)), 3),
            Conv(net.Op("Pad", x, net.Longs(0, 0, -1, 0, 0, 0, 0, 0)))));
    }

    [Fact]
    public void RecognizeHardSwish_ClipAndHardSigmoid_AreRecognised()
    {
        var net = new Net();
        Value x = net.Op("Mul", net.Input("x", 1, 64), net.Number(4));
        Value gate = net.Op("Clip", net.Op("Add", x, net.Number(3)), net.Graph.AddInitializer("zero", OnnxTensor.Scalar(0f)), net.Graph.AddInitializer("six", OnnxTensor.Scalar(6f)));
        Value a = net.Op("Div", net.Op("Mul", x, gate), net.Number(6));
        Value b = net.Op("Mul", net.Op("HardSigmoid", map => { map.Set("alpha", 1f / 6); map.Set("beta", 0.5f); }, x), x);
        Assert.Equal(["Mul", "HardSwish", "HardSwish"], PassCheck.Applies(new RecognizeHardSwish(), net.Output(a, b)));
    }

    [Fact]
    public void RecognizeHardSwish_OldOpsetOrOtherSlope_IsLeftAlone()
    {
        var old = new Net(13);
        Value x = old.Input("x", 1, 64);
        PassCheck.LeavesAlone(new RecognizeHardSwish(), old.Output(old.Op("Mul", old.Op("HardSigmoid", map => map.Set("alpha", 1f / 6), x), x)));
        var net = new Net();
        Value y = net.Input("x", 1, 64);
        PassCheck.LeavesAlone(new RecognizeHardSwish(), net.Output(net.Op("Mul", net.Op("HardSigmoid", y), y)));
    }

    [Fact]
    public void RecognizeHardSigmoid_ClipOfASum_IsRecognised()
    {
        var net = new Net(10);
        Value x = net.Op("Mul", net.Input("x", 1, 64), net.Number(4));
        Value clip = net.Op("Clip", a => { a.Set("min", 0f); a.Set("max", 6f); }, net.Op("Add", x, net.Number(3)));
        Assert.Equal(["Mul", "HardSigmoid"], PassCheck.Applies(new RecognizeHardSigmoid(), net.Output(net.Op("Div", clip, net.Number(6)))));
    }

    [Fact]
    public void RecognizeGelu_EveryOrder_IsRecognised()
    {
        var net = new Net(20);
        Value x = net.Op("Neg", net.Input("x", 1, 64));
        Value Gate() => net.Op("Add", net.Op("Erf", net.Op("Div", x, net.Number(1.4142135f))), net.Number(1));
        Value a = net.Op("Mul", net.Op("Mul", x, Gate()), net.Number(0.5f));
        Value b = net.Op("Mul", net.Op("Mul", net.Number(0.5f), x), Gate());
        Value scaled = net.Op("Erf", net.Op("Mul", x, net.Number(0.70710678f)));
        Value c = net.Op("Mul", x, net.Op("Mul", net.Number(0.5f), net.Op("Add", net.Number(1), scaled)));
        Assert.Equal(["Neg", "Gelu", "Gelu", "Gelu"], PassCheck.Applies(new RecognizeGelu(), net.Output(a, b, c)));
    }

    [Fact]
    public void RecognizeGelu_OldOpset_IsLeftAlone()
    {
        var net = new Net(17);
        Value x = net.Input("x", 1, 64);
        Value gate = net.Op("Add", net.Op("Erf", net.Op("Div", x, net.Number(1.4142135f))), net.Number(1));
        PassCheck.LeavesAlone(new RecognizeGelu(), net.Output(net.Op("Mul", net.Op("Mul", x, gate), net.Number(0.5f))));
    }

    [Fact]
    public void RecognizeSwish_OldOpset_KeepsThePair()
    {
        var net = new Net(17);
        Value x = net.Input("x", 1, 64);
        PassCheck.LeavesAlone(new RecognizeSwish(), net.Output(net.Op("Mul", x, net.Op("Sigmoid", x))));
    }

    [Fact]
    public void RecognizeSwish_NewOpset_IsSwish()
    {
        var net = new Net(24);
        Value x = net.Input("x", 1, 64);
        Assert.Equal(["Swish"], PassCheck.Applies(new RecognizeSwish(), net.Output(net.Op("Mul", net.Op("Sigmoid", x), x))));
    }
}
