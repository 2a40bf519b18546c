using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Analysis;

/// <summary>How far a layer's result is from that of the float model, with the noise of all layers before it.</summary>
/// <param name="Tensor">The activation.</param>
/// <param name="Node">The node that makes it.</param>
/// <param name="Decibels">Signal to quantization noise.</param>
public sealed record LayerNoise(string Tensor, string Node, double Decibels)
{
    private const int TensorsAtOnce = 32;

    /// <summary>Compares every quantized activation of a model with the float model's.</summary>
    /// <param name="prepared">The float model.</param>
    /// <param name="quantized">What was made of it.</param>
    /// <param name="samples">Inputs by name.</param>
    /// <param name="threads">Threads of the engine; 0 takes one a core.</param>
    /// <returns>The activations in the order of the graph.</returns>
    public static IReadOnlyList<LayerNoise> Measure(PreparedModel prepared, QuantizedModel quantized, IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(prepared);
        ArgumentNullException.ThrowIfNull(quantized);
        ArgumentNullException.ThrowIfNull(samples);
        var pairs = new List<(Value Float, string Quantized)>();
        foreach (Value value in prepared.Model.Graph.Nodes.SelectMany(node => node.Outputs).OfType<Value>().Where(value => quantized.Ranges.ContainsKey(value.Name)))
        {
            Node? quantize = Reader(quantized.Model.Graph, value.Name);
            if (quantize?.Outputs[0]!.Uses.FirstOrDefault(use => use.Node.Is("DequantizeLinear")) is { Node: { } dequantize })
            {
                pairs.Add((value, dequantize.Outputs[0]!.Name));
            }
        }
        var results = new List<LayerNoise>();
        foreach ((Value Float, string Quantized)[] chunk in pairs.Chunk(TensorsAtOnce))
        {
            NoiseSum[] sums = [.. chunk.Select(_ => new NoiseSum())];
            using var one = new EngineSession(Tapped(prepared.Model, [.. chunk.Select(pair => pair.Float.Name)]), new EngineOptions { Threads = threads });
            using var other = new EngineSession(Tapped(quantized.Model, [.. chunk.Select(pair => pair.Quantized)]), new EngineOptions { Threads = threads });
            foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
            {
                IReadOnlyList<OnnxTensor> expected = one.Run(sample);
                IReadOnlyList<OnnxTensor> actual = other.Run(sample);
                for (int index = 0; index < sums.Length; index++)
                {
                    sums[index].Add(expected[index].AsSpan<float>(), actual[index].AsSpan<float>());
                }
            }
            results.AddRange(chunk.Select((pair, index) => new LayerNoise(pair.Float.Name, pair.Float.Producer!.Name, sums[index].Decibels)));
        }
        return results;
    }

    // A quantized graph output has given its name away; its node still makes what was quantized.
    private static Node? Reader(OnnxGraph graph, string name)
    {
        Value? value = graph.Find(name);
        return value?.Producer is { } producer && producer.Is("DequantizeLinear")
            ? producer.Inputs[0]!.Producer
            : value?.Uses.Select(use => use.Node).FirstOrDefault(node => node.Is("QuantizeLinear"));
    }

    private static OnnxModel Tapped(OnnxModel model, IReadOnlyList<string> names)
    {
        OnnxModel part = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], names);
        foreach (Value output in part.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        return part;
    }
}
