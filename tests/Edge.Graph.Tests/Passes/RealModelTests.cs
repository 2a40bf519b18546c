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
        output.WriteLine($"{name}: {before} nodes became {after} in {time.TotalMilliseconds:F0} ms; {Path.GetFileName(path)} opset {source.Opset}");
        foreach (PassResult result in results.Where(result => result.Changes > 0))
        {
            output.WriteLine($"  {result.Pass}: {result.Changes}");
        }
        output.WriteLine("  " + string.Join(' ', model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).CountBy(node => node.OpType).OrderBy(pair => pair.Key).Select(pair => $"{pair.Key}:{pair.Value}")));
        Assert.True(after <= before);
        ProofResult proof = ModelProof.Compare(source, OnnxModel.Parse(model.ToBytes()), new ProofOptions { Threads = 1 });
        output.WriteLine($"  {proof.Verdict} on {proof.Runs} inputs; {proof.Reason} {(proof.Outputs.Count > 0 ? proof.Outputs[0] with { Outside = proof.Outputs[0].Outside } : null)} excess {(proof.Outputs.Count > 0 ? proof.Outputs[0].Excess : 0):G3}, absolute {(proof.Outputs.Count > 0 ? proof.Outputs[0].MaximumAbsolute : 0):G3}");
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

    private static int Count(OnnxModel model) => model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count);
}
