using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Inference;
using Edge.Testing;

namespace Edge.Cli.Tests.Analysis;

/// <summary>What a model is taken for.</summary>
public sealed class ModelMeaningTests
{
    [Theory]
    [InlineData("yolox-nano/yolox_nano_416x416.onnx", "YOLOX", "Certain", "416×416", "NCHW")]
    [InlineData("fastestdet/FastestDet.onnx", "FastestDet", "Likely", "352×352", "NCHW")]
    [InlineData("ultraface/version-RFB-320.onnx", "UltraFace", "Certain", "320×240", "NCHW")]
    [InlineData("ultraface/version-RFB-320_simplified.onnx", "UltraFace", "Certain", "320×240", "NCHW")]
    [InlineData("yunet/yunet_n_320_320.onnx", "YuNet", "Certain", "320×320", "NCHW")]
    [InlineData("blazeface/face_detection_front_128x128_barracuda.onnx", "BlazeFace", "Likely", "128×128", "NHWC")]
    [InlineData("mnist/mnist.onnx", "classifier", "Likely", "28×28", "NCHW")]
    [InlineData("mlperf-tiny/kws_ref_model.dequantized.onnx", "12 classes", "Likely", "49×10", "NHWC")]
    public void Of_RealModel_IsRecognised(string file, string family, string certainty, string size, string layout)
    {
        IReadOnlyList<Guess> guesses = Guesses(OnnxModel.Load(SharedData.Path(["models", .. file.Split('/')])));
        Guess whole = guesses.First(guess => guess.About is null);
        Assert.Contains(family, whole.Meaning, StringComparison.Ordinal);
        Assert.Equal(certainty, whole.Certainty.ToString());
        Assert.Contains(size, guesses[0].Meaning, StringComparison.Ordinal);
        Assert.Contains(layout, guesses[0].Meaning, StringComparison.Ordinal);
        Assert.All(guesses, guess => Assert.NotEqual("", guess.Reason));
    }

    [Fact]
    public void Of_SileroVad_IsStatefulAndHearsSound()
    {
        IReadOnlyList<Guess> guesses = Guesses(OnnxModel.Load(SharedData.Path("models", "silero-vad", "silero_vad_v5.onnx")));
        Assert.Equal("audio", guesses.First(guess => guess.About == "input").Kind);
        Assert.Equal("sampleRate", guesses.First(guess => guess.About == "sr").Kind);
        Assert.Equal("state", guesses.First(guess => guess.About == "state").Kind);
        Assert.Contains("'state'", guesses.First(guess => guess.About == "stateN").Meaning, StringComparison.Ordinal);
        Assert.Equal(["audio", "recurrent", "stateful"], guesses.Where(guess => guess.About is null).Select(guess => guess.Kind).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(25200, 85, "version 5 or 7")]
    [InlineData(8400, 25, "YOLOX")]
    [InlineData(84, 8400, "version 8")]
    public void Of_YoloShapes_AreToldApart(long rows, long columns, string family)
    {
        OnnxModel model = Picture(640, 640, [("output0", [1, rows, columns])]);
        Assert.Contains(family, Guesses(model).First(guess => guess.About is null).Meaning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(12, new long[] { 1, 2, 1, 1 }, new long[] { 1, 4, 1, 1 }, null, "P-Net")]
    [InlineData(24, new long[] { 1, 2 }, new long[] { 1, 4 }, null, "R-Net")]
    [InlineData(48, new long[] { 1, 2 }, new long[] { 1, 4 }, new long[] { 1, 10 }, "O-Net")]
    public void Of_MtcnnStages_AreToldApart(int side, long[] scores, long[] boxes, long[]? landmarks, string stage)
    {
        (string, long[])[] outputs = landmarks is null ? [("prob", scores), ("box", boxes)] : [("prob", scores), ("box", boxes), ("points", landmarks)];
        Assert.Contains(stage, Guesses(Picture(side, side, outputs)).First(guess => guess.About is null).Meaning, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_TableOfEmbeddings_IsText()
    {
        var graph = new OnnxGraph("g");
        Value ids = graph.AddInput("x", ElementType.Int64, TensorShape.Of("n", 20));
        Value rows = graph.AddNode("Gather", [graph.AddInitializer("table", GeneratedModels.Weight(100, 8)), ids], ["rows"]).Outputs[0]!;
        Node mean = graph.AddNode("ReduceMean", [rows], ["mean"]);
        mean.Attributes.Set("axes", [1L]);
        mean.Attributes.Set("keepdims", 0);
        Value scores = graph.AddNode("MatMul", [mean.Outputs[0], graph.AddInitializer("w", GeneratedModels.Weight(8, 3))], ["scores"]).Outputs[0]!;
        graph.AddOutput(graph.AddNode("Softmax", [scores], ["y"]).Outputs[0]!);
        IReadOnlyList<Guess> guesses = Guesses(new OnnxModel(graph));
        Assert.Contains("token numbers below 100", guesses[0].Meaning, StringComparison.Ordinal);
        Assert.Contains(guesses, guess => guess is { About: null, Kind: "classifier" } && guess.Meaning.StartsWith("text classifier: probabilities of 3 classes", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_RecurrentLayerFedFromOutside_PairsStates()
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 1, 5));
        Value state = graph.AddInput("h_in", ElementType.Float, TensorShape.Of(1, 1, 3));
        Node gru = graph.AddNode("GRU", [x, graph.AddInitializer("w", GeneratedModels.Weight(1, 9, 5)), graph.AddInitializer("r", GeneratedModels.Weight(1, 9, 3)), null, null, state], ["", "h_out"]);
        gru.Attributes.Set("hidden_size", 3);
        graph.AddOutput(gru.Outputs[1]!);
        Guess[] states = [.. Guesses(new OnnxModel(graph)).Where(guess => guess.Kind == "state")];
        Assert.Equal(["h_in", "h_out"], states.Select(guess => guess.About));
        Assert.All(states, guess => Assert.Equal(Certainty.Certain, guess.Certainty));
    }

    private static IReadOnlyList<Guess> Guesses(OnnxModel model)
    {
        ShapeInference.Run(model);
        return ModelMeaning.Of(model);
    }

    // A Conv that reads a picture, and outputs of given shapes made from it.
    private static OnnxModel Picture(long height, long width, (string Name, long[] Dims)[] outputs)
    {
        var graph = new OnnxGraph("g");
        Value x = graph.AddInput("images", ElementType.Float, TensorShape.Of(1, 3, height, width));
        Value conv = graph.AddNode("Conv", [x, graph.AddInitializer("w", GeneratedModels.Weight(1, 3, 1, 1))], ["c"]).Outputs[0]!;
        Node mean = graph.AddNode("ReduceMean", [conv], ["mean"]);
        mean.Attributes.Set("keepdims", 0);
        foreach ((string name, long[] dims) in outputs)
        {
            Value sizes = graph.AddInitializer(name + "_sizes", OnnxTensor.From<long>(dims, dims.Length));
            graph.AddOutput(graph.AddNode("Expand", [mean.Outputs[0], sizes], [name]).Outputs[0]!);
        }
        return new OnnxModel(graph);
    }
}
