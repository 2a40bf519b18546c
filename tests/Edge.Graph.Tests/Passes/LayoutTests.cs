using Edge.Graph.Execution;
using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

public sealed class LayoutTests
{
    [Fact]
    public void FoldInputNormalization_InTheGraph_IsFoldedIntoConv()
    {
        var net = new Net();
        Value x = net.Op("Div", net.Op("Sub", net.Input("x", "batch", 3, 6, 6), net.Floats([0.4f, 0.5f, 0.6f], 1, 3, 1, 1)), net.Floats([0.2f, 0.3f, 0.4f], 3, 1, 1));
        Assert.Equal(["Conv", "Conv"], PassCheck.Applies(new FoldInputNormalization(), net.Output(
            net.Op("Conv", x, net.Weights(4, 3, 3, 3)), net.Op("Conv", a => a.Set("group", 3L), x, net.Weights(3, 1, 1, 1), net.Weights(3)))));
    }

    [Fact]
    public void FoldInputNormalization_ConvThatPadsWithOneEdge_PadsWithThePixelThatNormalisesToZero()
    {
        var net = new Net();
        Value x = net.Op("Mul", net.Op("Sub", net.Input("x", "batch", 3, 6, 6), net.Number(127)), net.Number(1 / 128f));
        OnnxModel model = net.Output(net.Op("Conv", a => a.Set("pads", [1, 0, 1, 1]), x, net.Weights(4, 3, 3, 3), net.Weights(4)));
        Assert.Equal(["Pad", "Conv"], PassCheck.Applies(new FoldInputNormalization(), model));
        Assert.Equal(127f, model.Graph.Nodes.First!.Input(2)!.Constant!.AsSpan<float>()[0]);
    }

    [Fact]
    public void FoldInputNormalization_ScaleOnly_NeedsNoPad()
    {
        var net = new Net();
        Value x = net.Op("Div", net.Input("x", "batch", 3, 6, 6), net.Number(255));
        Assert.Equal(["Conv"], PassCheck.Applies(new FoldInputNormalization(), net.Output(net.Op("Conv", a => a.Set("pads", [1, 1, 1, 1]), x, net.Weights(4, 3, 3, 3)))));
    }

    [Fact]
    public void FoldInputNormalization_EdgesThatDiffer_IsRefusedWithTheNode()
    {
        var net = new Net();
        Value x = net.Op("Sub", net.Input("x", "batch", 3, 6, 6), net.Floats([1, 2, 3], 1, 3, 1, 1));
        OnnxModel model = net.Output(net.Op("Conv", a => a.Set("pads", [1, 1, 1, 1]), x, net.Weights(4, 3, 3, 3)));
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => new FoldInputNormalization().Run(model));
        Assert.Contains("Conv node", e.Message, StringComparison.Ordinal);
        Assert.Equal(["Sub", "Conv"], PassCheck.Operators(model));
    }

    [Fact]
    public void FoldInputNormalization_NothingBeforeConv_IsLeftAlone()
    {
        var net = new Net();
        PassCheck.LeavesAlone(new FoldInputNormalization(), net.Output(net.Op("Conv", net.Input("x", "batch", 3, 6, 6), net.Weights(4, 3, 3, 3))));
    }

    [Fact]
    public void FoldInputNormalization_ReaderThatIsNoLayer_IsRefused()
    {
        var net = new Net();
        OnnxModel model = net.Output(net.Op("Relu", net.Op("Sub", net.Input("x", "batch", 3, 6, 6), net.Number(1))));
        Assert.Contains("Relu", Assert.Throws<ModelFormatException>(() => new FoldInputNormalization().Run(model)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void FoldInputNormalizationAndTakeUInt8Input_RawPixels_GiveWhatNormalisedOnesGave(int pad)
    {
        var net = new Net();
        OnnxModel source = net.Output(net.Op("Conv", a => a.Set("pads", [pad, pad, pad, pad]), net.Input("x", 2, 3, 8, 8), net.Weights(4, 3, 3, 3)));
        OnnxModel model = OnnxModel.Parse(source.ToBytes());
        double[] mean = pad == 0 ? [0.485, 0.456, 0.406] : [0.5];
        double[] deviation = pad == 0 ? [0.229, 0.224, 0.225] : [0.25];
        Assert.Equal(1, new FoldInputNormalization(new InputNormalization { Scale = 1 / 255.0, Mean = mean, Deviation = deviation }).Run(model));
        Assert.Equal(1, new TakeUInt8Input().Run(model));
        Assert.Equal(0, new TakeUInt8Input("x").Run(model));
        Assert.Empty(ModelVerifier.Verify(model));

        byte[] pixels = new byte[2 * 3 * 64];
        new Random(5).NextBytes(pixels);
        float[] normalized = new float[pixels.Length];
        for (int index = 0; index < pixels.Length; index++)
        {
            int channel = mean.Length == 1 ? 0 : index / 64 % 3;
            normalized[index] = (float)(((pixels[index] / 255.0) - mean[channel]) / deviation[channel]);
        }
        using var one = new EngineSession(source);
        using var other = new EngineSession(model);
        float[] expected = one.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<float>(normalized, 2, 3, 8, 8) })[0].ToArray<float>();
        float[] actual = other.Run(new Dictionary<string, OnnxTensor> { ["x"] = OnnxTensor.From<byte>(pixels, 2, 3, 8, 8) })[0].ToArray<float>();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void InputNormalization_ZeroDeviation_IsRefused() =>
        Assert.Throws<ArgumentException>(() => new InputNormalization { Deviation = [0] }.Validate());

    [Fact]
    public void NhwcInputToNchw_TransposeBehindArithmeticAndPad_Vanishes()
    {
        var net = new Net();
        Value x = net.Op("Mul", net.Op("Sub", net.Input("x", "batch", 6, 5, 3), net.Floats([0.1f, 0.2f, 0.3f], 3)), net.Number(2));
        Value padded = net.Op("Pad", net.Op("Relu", x), net.Longs(0, 0, 1, 0, 0, 2, 0, 0));
        Value first = net.Op("Transpose", a => a.Set("perm", [0, 3, 1, 2]), padded);
        OnnxModel source = net.Output(net.Op("Conv", first, net.Weights(4, 3, 3, 3)));
        OnnxModel model = OnnxModel.Parse(source.ToBytes());
        Assert.Equal(1, new NhwcInputToNchw().Run(model));
        Assert.Equal(["Sub", "Mul", "Relu", "Pad", "Conv"], PassCheck.Operators(model));
        Assert.Equal(TensorShape.Of("batch", 3, 6, 5), model.Graph.Inputs[0].Shape);
        Assert.Empty(ModelVerifier.Verify(model));
        IsTransposed(source, model);
    }

    [Fact]
    public void NhwcInputToNchw_NothingToMeet_KeepsTheTranspose()
    {
        var net = new Net();
        OnnxModel source = net.Output(net.Op("ReduceMean", a => a.Set("axes", [3]), net.Op("Sigmoid", net.Input("x", "batch", 6, 5, 3))));
        OnnxModel model = OnnxModel.Parse(source.ToBytes());
        new NhwcInputToNchw("x").Run(model);
        Assert.Equal(["Sigmoid", "Transpose", "ReduceMean"], PassCheck.Operators(model));
        IsTransposed(source, model);
    }

    [Fact]
    public void NhwcInputToNchw_UnknownName_NamesTheNearest()
    {
        var net = new Net();
        OnnxModel model = net.Output(net.Op("Relu", net.Input("image", 1, 6, 5, 3)));
        Assert.Contains("'image'", Assert.Throws<ModelFormatException>(() => new NhwcInputToNchw("imag").Run(model)).Message, StringComparison.Ordinal);
    }

    private static void IsTransposed(OnnxModel nhwc, OnnxModel nchw)
    {
        float[] data = GraphFixtures.Random(new Random(2), -1, 2, 6, 5, 3).ToArray<float>();
        float[] moved = new float[data.Length];
        for (int index = 0; index < data.Length; index++)
        {
            (int image, int pixel, int channel) = (index / 90, index / 3 % 30, index % 3);
            moved[(image * 90) + (channel * 30) + pixel] = data[index];
        }
        float[] expected = Engine.Run(nhwc, data, 2, 6, 5, 3);
        float[] actual = Engine.Run(nchw, moved, 2, 3, 6, 5);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }
}
