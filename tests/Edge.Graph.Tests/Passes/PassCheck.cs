using Edge.Graph.Execution;
using Edge.Graph.Inference;
using Edge.Graph.Passes;

namespace Edge.Graph.Tests.Passes;

/// <summary>Runs a pass and holds it to what every pass promises.</summary>
internal static class PassCheck
{
    /// <summary>The pass applies, ONNX Runtime computes the same from the result, and a second run finds nothing.</summary>
    internal static string[] Applies(IGraphPass pass, OnnxModel model, ProofOptions? tolerance = null)
    {
        OnnxModel source = OnnxModel.Parse(model.ToBytes());
        ShapeInference.Run(model);
        Assert.NotEqual(0, pass.Run(model));
        new RemoveDeadCode().Run(model);
        Assert.Empty(ModelVerifier.Verify(model));
        IsProven(source, model, tolerance);
        ShapeInference.Run(model);
        byte[] once = model.ToBytes();
        Assert.Equal(0, pass.Run(model));
        Assert.Equal(once, model.ToBytes());
        return Operators(model);
    }

    /// <summary>The pass finds nothing and changes nothing.</summary>
    internal static void LeavesAlone(IGraphPass pass, OnnxModel model)
    {
        ShapeInference.Run(model);
        byte[] before = model.ToBytes();
        Assert.Equal(0, pass.Run(model));
        Assert.Equal(before, model.ToBytes());
    }

    internal static void IsProven(OnnxModel source, OnnxModel result, ProofOptions? options = null)
    {
        ProofResult proof = ModelProof.Compare(source, result, options ?? new ProofOptions { AbsoluteTolerance = 1e-5, RelativeTolerance = 1e-4, Threads = 1 });
        Assert.True(proof.Verdict == ProofVerdict.Proven, $"{proof.Verdict}: {proof.Reason}");
    }

    internal static string[] Operators(OnnxModel model) => [.. model.Graph.Nodes.Select(node => node.OpType)];
}
