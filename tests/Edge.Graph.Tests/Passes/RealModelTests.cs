using System.Diagnostics;
using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Testing;

namespace Edge.Graph.Tests.Passes;

public sealed class RealModelTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("blazeface/face_detection_front_128x128_barracuda.onnx")]
    [InlineData("fastestdet/FastestDet.onnx")]
    [InlineData("mlperf-tiny/kws_ref_model.dequantized.onnx")]
    [InlineData("mnist/mnist.onnx")]
    [InlineData("silero-vad/silero_vad_v5.onnx")]
    [InlineData("ultraface/version-RFB-320.onnx")]
    [InlineData("ultraface/version-RFB-320_simplified.onnx")]
    [InlineData("yolox-nano/yolox_nano_416x416.onnx")]
    [InlineData("yunet/yunet_n_320_320.onnx")]
    public void ForDeployment_RealModel_ComputesTheSameWithNoMoreNodes(string name)
    {
        string path = SharedData.Path(["models", .. name.Split('/')]);
        OnnxModel source = OnnxModel.Load(path);
        OnnxModel model = OnnxModel.Load(path);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<PassResult> results = PassPipeline.ForDeployment.Run(model);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        (int before, int after) = (Count(source), Count(model));
        output.WriteLine($"{name}, opset {source.Opset}: {before} nodes became {after} in {time.TotalMilliseconds:F0} ms");
        foreach (PassResult result in results.Where(result => result.Changes > 0))
        {
            output.WriteLine($"  {result.Pass}: {result.Changes}");
        }
        output.WriteLine("  " + string.Join(' ', model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).CountBy(node => node.OpType).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}")));
        Assert.True(after <= before);
        ProofResult proof = ModelProof.Compare(source, OnnxModel.Parse(model.ToBytes()), new ProofOptions { Threads = 1 });
        output.WriteLine($"  {proof.Verdict} on {proof.Runs} inputs, largest difference {(proof.Outputs.Count > 0 ? proof.Outputs.Max(difference => difference.MaximumAbsolute) : 0):G3}");
        Assert.True(proof.Verdict == ProofVerdict.Proven, proof.Reason);

        byte[] once = model.ToBytes();
        Assert.All(PassPipeline.ForDeployment.Run(model), result => Assert.True(result.Changes == 0, result.ToString()));
        Assert.Equal(once, model.ToBytes());
    }

    // The twin gives boxes before they are decoded from the priors; the raw model is cut there, at the value that it calls 460.
    [Fact]
    public void ForDeployment_RawUltraFaceCutWhereItsTwinEnds_HasNoMoreNodesAndTheSameOutputs()
    {
        OnnxModel raw = OnnxModel.Load(SharedData.Path("models", "ultraface", "version-RFB-320.onnx"));
        OnnxModel twin = OnnxModel.Load(SharedData.Path("models", "ultraface", "version-RFB-320_simplified.onnx"));
        PassPipeline.ForDeployment.Run(raw);
        int whole = Count(raw);
        OnnxGraph graph = raw.Graph;
        graph.RemoveOutput(graph.Find("boxes")!);
        graph.Rename(graph.Find("boxes")!, "decoded");
        Value undecoded = graph.Find("460")!;
        graph.Rename(undecoded, "boxes");
        graph.AddOutput(undecoded);
        PassPipeline.ForDeployment.Run(raw);
        output.WriteLine($"raw {whole} nodes, {whole - Count(raw)} of them decode boxes, {Count(raw)} are left; its twin has {Count(twin)}");
        Assert.True(Count(raw) <= Count(twin));
        PassCheck.IsProven(twin, raw, new ProofOptions { Threads = 1 });
    }

    [Theory]
    [InlineData("blazeface/face_detection_front_128x128_barracuda.onnx")]
    [InlineData("mlperf-tiny/kws_ref_model.dequantized.onnx")]
    public void NhwcInputToNchw_RealModel_LosesItsFirstTranspose(string name)
    {
        OnnxModel model = OnnxModel.Load(SharedData.Path(["models", .. name.Split('/')]));
        PassPipeline.ForDeployment.Run(model);
        OnnxModel nhwc = OnnxModel.Parse(model.ToBytes());
        new NhwcInputToNchw().Run(model);
        Assert.Equal(Count(nhwc) - 1, Count(model));
        Assert.Equal("Conv", model.Graph.Nodes.First!.OpType);

        OnnxTensor pixels = GraphFixtures.Random(new Random(4), 0, nhwc.Graph.Inputs[0].Shape!.ToFixed()!);
        var turn = new Net();
        Value x = turn.Graph.AddInput("x", ElementType.Float, TensorShape.Of(pixels.Dims));
        using var transpose = new EngineSession(turn.Output(turn.Op("Transpose", a => a.Set("perm", [0, 3, 1, 2]), x)));
        OnnxTensor turned = transpose.Run(new Dictionary<string, OnnxTensor> { ["x"] = pixels })[0];
        using var one = new EngineSession(nhwc);
        using var other = new EngineSession(model);
        float[] expected = one.Run(new Dictionary<string, OnnxTensor> { [one.InputNames[0]] = pixels })[0].ToArray<float>();
        float[] actual = other.Run(new Dictionary<string, OnnxTensor> { [other.InputNames[0]] = turned })[0].ToArray<float>();
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void FoldInputNormalization_UltraFace_TakesRawPixels()
    {
        OnnxModel model = OnnxModel.Load(SharedData.Path("models", "ultraface", "version-RFB-320.onnx"));
        PassPipeline.ForDeployment.Run(model);
        OnnxModel source = OnnxModel.Parse(model.ToBytes());
        Assert.Equal(1, new FoldInputNormalization(new InputNormalization { Mean = [127], Deviation = [128] }).Run(model));
        new TakeUInt8Input().Run(model);
        byte[] pixels = new byte[3 * 240 * 320];
        new Random(6).NextBytes(pixels);
        float[] normalized = Array.ConvertAll(pixels, pixel => (pixel - 127) / 128f);
        using var one = new EngineSession(source);
        using var other = new EngineSession(model);
        IReadOnlyList<OnnxTensor> expected = one.Run(new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.From<float>(normalized, 1, 3, 240, 320) });
        IReadOnlyList<OnnxTensor> actual = other.Run(new Dictionary<string, OnnxTensor> { ["input"] = OnnxTensor.From<byte>(pixels, 1, 3, 240, 320) });
        for (int index = 0; index < expected.Count; index++)
        {
            Assert.All(expected[index].ToArray<float>().Zip(actual[index].ToArray<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }
    }

    [Theory]
    [InlineData("ultraface/version-RFB-320.onnx")]
    [InlineData("yolox-nano/yolox_nano_416x416.onnx")]
    [InlineData("mnist/mnist.onnx")]
    public void UpgradeOpset_RealModel_ComputesTheSame(string name)
    {
        string path = SharedData.Path(["models", .. name.Split('/')]);
        OnnxModel model = OnnxModel.Load(path);
        Assert.NotEqual(0, new UpgradeOpset(17).Run(model));
        Assert.Empty(ModelVerifier.Verify(model));
        PassCheck.IsProven(OnnxModel.Load(path), model, new ProofOptions { Threads = 1 });
    }

    private static int Count(OnnxModel model) => model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count);
}
