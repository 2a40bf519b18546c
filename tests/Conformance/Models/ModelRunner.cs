using System.Diagnostics;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Passes;

namespace Edge.Conformance.Models;

/// <summary>Cleans real models and measures them in ONNX Runtime, before and after in turn.</summary>
public static class ModelRunner
{
    private const int Pairs = 41;
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(20);

    /// <summary>Cleans one model and compares.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">What the report calls it.</param>
    public static ModelReport Run(string path, string name)
    {
        OnnxModel before = OnnxModel.Load(path);
        OnnxModel after = OnnxModel.Load(path);
        PassPipeline.ForDeployment.Run(after);
        ProofResult proof = ModelProof.Compare(before, after);
        string verdict = proof.Verdict == ProofVerdict.Proven ? "equal" : $"{proof.Verdict}: {proof.Reason}";
        (double a, double b, double ratio) = Measure(before, after);
        return new ModelReport(name, Nodes(before), Nodes(after), a, b, ratio, verdict);
    }

    /// <summary>Nodes of a model, subgraphs included.</summary>
    /// <param name="model">The model.</param>
    public static int Nodes(OnnxModel model) => model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count);

    private static (double Before, double After, double Ratio) Measure(OnnxModel before, OnnxModel after)
    {
        var options = new EngineOptions { Threads = 1, Quiet = true };
        using var first = new EngineSession(before, options);
        using var second = new EngineSession(after, options);
        Dictionary<string, OnnxTensor> inputs = Inputs(before);
        Dictionary<string, OnnxTensor> others = second.InputNames.ToDictionary(name => name, name => inputs[name]);
        double Time(EngineSession session, Dictionary<string, OnnxTensor> values, int repeat)
        {
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < repeat; run++)
            {
                _ = session.Run(values);
            }
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repeat;
        }
        _ = Time(first, inputs, 3) + Time(second, others, 3);
        int repeat = Math.Clamp((int)(Batch.TotalMilliseconds / Math.Max(1e-3, Time(first, inputs, 3))), 1, 1000);
        double[] a = new double[Pairs];
        double[] b = new double[Pairs];
        for (int pair = 0; pair < Pairs; pair++)
        {
            // Who goes first changes, so that neither gets the warmer cache.
            if (pair % 2 == 0)
            {
                a[pair] = Time(first, inputs, repeat);
                b[pair] = Time(second, others, repeat);
            }
            else
            {
                b[pair] = Time(second, others, repeat);
                a[pair] = Time(first, inputs, repeat);
            }
        }
        return (Median(a), Median(b), Median([.. a.Zip(b, (x, y) => y / x)]));
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);

    // Open sizes are 1, whole numbers a sampling rate: what the models at hand take.
    private static Dictionary<string, OnnxTensor> Inputs(OnnxModel model)
    {
        var random = new Random(1);
        var inputs = new Dictionary<string, OnnxTensor>(StringComparer.Ordinal);
        foreach (Value input in model.Graph.Inputs.Where(value => value.Constant is null))
        {
            TensorShape shape = input.Shape ?? TensorShape.Scalar;
            long[] dims = [.. shape.Dimensions.Select((dimension, axis) => dimension.Size ?? (axis == 0 || shape.Rank > 2 ? 1 : 512))];
            long count = dims.Aggregate(1L, (product, size) => product * size);
            inputs[input.Name] = input.ElementType == ElementType.Int64
                ? OnnxTensor.From<long>([.. Enumerable.Repeat(16_000L, (int)count)], dims)
                : OnnxTensor.From<float>([.. Enumerable.Range(0, (int)count).Select(_ => random.NextSingle())], dims);
        }
        return inputs;
    }
}
