using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Observers;

namespace Edge.Quantizer.Repair;

/// <summary>
/// Rounding moves the mean of a layer's results; the bias moves it back (Nagel and others 2019, "Data-free quantization through
/// weight equalization and bias correction", empirical form). Layers are corrected one
/// by one in the order of the graph, each with the noise that is left of those before it.
/// </summary>
public static class BiasCorrection
{
    private const int LayersAtOnce = 12;

    /// <summary>Finds the shifts.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="statistics">What calibration saw.</param>
    /// <param name="options">How to quantize.</param>
    /// <param name="samples">Inputs by name; a few dozen.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <param name="progress">Told how many layers are done.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    /// <returns>What to add to each layer's bias, for <see cref="QuantizationOptions.BiasShifts"/>.</returns>
    public static IReadOnlyDictionary<string, float[]> Run(
        PreparedModel prepared, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options,
        IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0, Action<int, int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(samples);
        var shifts = new Dictionary<string, float[]>(options.BiasShifts, StringComparer.Ordinal);
        QuantizedModel quantized = StaticQuantizer.Build(prepared, statistics, options);
        Node[] layers = [.. prepared.Model.Graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm" && quantized.QuantizedNames.Contains(node.Name))];
        double[][] expected = [.. layers.Chunk(LayersAtOnce).SelectMany(group => Means(prepared.Model, group, samples, threads))];
        // One by one: a layer inherits the error of those before it, which must be gone before its own is measured.
        for (int index = 0; index < layers.Length; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            Node layer = quantized.Model.Graph.Nodes.First(node => node.Name == layers[index].Name);
            double[] actual = Means(quantized.Model, [layer], samples, threads, expected[index].Length)[0];
            float[] before = shifts.GetValueOrDefault(layer.Name) ?? new float[actual.Length];
            shifts[layer.Name] = [.. before.Select((value, channel) => (float)(value + expected[index][channel] - actual[channel]))];
            quantized = StaticQuantizer.Build(prepared, statistics, options with { BiasShifts = shifts });
            progress?.Invoke(index + 1, layers.Length);
        }
        return shifts;
    }

    // The mean of each channel of each tensor.
    private static double[][] Means(OnnxModel model, Node[] layers, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads, int channels = 0)
    {
        string[] names = [.. layers.Select(node => node.Outputs[0]!.Name)];
        OnnxModel part = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], names);
        foreach (Value output in part.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        using var session = new EngineSession(part, new EngineOptions { Threads = threads });
        double[][] sums = [.. layers.Select(node => new double[channels > 0 ? channels : Channels(node)])];
        long[] counts = new long[names.Length];
        foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
        {
            session.Visit(sample, (index, values) =>
            {
                double[] sum = sums[index];
                // Channels lie one behind the other, each with its plane.
                long rows = sample.Values.First().Dims is [var batch, ..] ? batch : 1;
                int plane = (int)(values.Length / rows / sum.Length);
                for (int start = 0, channel = 0; start < values.Length; start += plane, channel++)
                {
                    sum[channel % sum.Length] += System.Numerics.Tensors.TensorPrimitives.Sum(values.Slice(start, plane));
                }
                counts[index] += rows * plane;
            });
        }
        return [.. sums.Select((sum, index) => Array.ConvertAll(sum, value => value / counts[index]))];
    }

    private static int Channels(Node node) => (int)node.Inputs[1]!.Constant!.Dims[Passes.QuantizationPlan.WeightAxis(node)];
}
