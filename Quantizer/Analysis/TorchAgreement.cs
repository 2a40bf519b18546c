using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Torch;
using Edge.Training;

namespace Edge.Quantizer.Analysis;

/// <summary>
/// A quantized graph run twice: by ONNX Runtime's integer kernels, and by libtorch, which rounds where the graph says and computes in
/// float between. Two engines that know nothing of one another agree, or one of them reads the graph wrongly.
/// </summary>
/// <param name="MaxSteps">The largest difference of a quantized activation, in its own quantization steps.</param>
/// <param name="MeanSteps">The mean difference.</param>
/// <param name="Tensor">Where the largest is.</param>
/// <param name="Tensors">How many activations were compared.</param>
public sealed record TorchAgreement(double MaxSteps, double MeanSteps, string Tensor, int Tensors)
{
    /// <summary>Compares every quantized activation.</summary>
    /// <remarks>Both run the whole graph, so that a step of difference early on may grow on its way.</remarks>
    /// <param name="model">A QDQ model.</param>
    /// <param name="sample">An input.</param>
    /// <exception cref="UnsupportedOperatorException">The training engine does not know one of the model's operators.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public static TorchAgreement Measure(OnnxModel model, IReadOnlyDictionary<string, OnnxTensor> sample)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(sample);
        (string Name, float Scale)[] taps = [.. model.Graph.Nodes
            .Where(node => node.Is("DequantizeLinear") && node.Input(0)?.Producer?.Is("QuantizeLinear") == true && node.Input(1)?.Constant is { Length: 1 })
            .Select(node => (node.Outputs[0]!.Name, node.Inputs[1]!.Constant!.AsSpan<float>()[0]))];
        if (taps.Length == 0)
        {
            throw new QuantizationException("the model has no quantized activation to compare");
        }
        OnnxModel tapped = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], [.. taps.Select(tap => tap.Name)]);
        foreach (Value output in tapped.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        using var session = new EngineSession(tapped, new EngineOptions { Threads = 1 });
        IReadOnlyList<OnnxTensor> engine = session.Run(sample);
        using var executor = new GraphExecutor(tapped, new GraphExecutorOptions { IsTrainable = _ => false });
        Tensor[] inputs = [.. executor.Inputs.Select(input => TensorConversion.ToTorch(sample[input.Name], input.Name))];
        Tensor[] torch = executor.Run(inputs, RunMode.Inference);
        double most = 0;
        double sum = 0;
        long count = 0;
        string where = taps[0].Name;
        for (int tap = 0; tap < taps.Length; tap++)
        {
            float[] one = engine[tap].ToArray<float>();
            float[] other = torch[tap].ToArray<float>();
            for (int index = 0; index < one.Length; index++)
            {
                double steps = Math.Abs(one[index] - (double)other[index]) / taps[tap].Scale;
                sum += steps;
                (most, where) = steps > most ? (steps, taps[tap].Name) : (most, where);
            }
            count += one.Length;
        }
        Array.ForEach(inputs, tensor => tensor.Dispose());
        Array.ForEach(torch, tensor => tensor.Dispose());
        return new TorchAgreement(most, sum / count, where, taps.Length);
    }
}
