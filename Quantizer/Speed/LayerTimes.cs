using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Quantizer.Passes;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Speed;

/// <summary>The layers of a model with what each takes as float and on whole numbers, and how they hang together.</summary>
internal sealed class LayerTimes
{
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);

    internal LayerTimes(PreparedModel prepared, OnnxModel quantized, QuantizationTarget target, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads, IReadOnlyDictionary<string, string> keepFloat)
    {
        var plan = new QuantizationPlan(prepared.Model, target, keepFloat);
        Node[] nodes = [.. prepared.Model.Graph.Nodes.Where(plan.Nodes.Contains)];
        Names = [.. nodes.Select(node => node.Name)];
        Computes = [.. nodes.Select(node => plan.Role(node) == OperatorRole.Computes)];
        for (int index = 0; index < nodes.Length; index++)
        {
            _index[nodes[index].Name] = index;
            if (plan.End(nodes[index]) is { Producer: { } joined } && !ReferenceEquals(joined, nodes[index]))
            {
                _index[joined.Name] = index;
            }
        }
        Float = Times(EngineProfile.Measure(prepared.Model, threads: threads, given: samples));
        Int8 = Times(EngineProfile.Measure(quantized, threads: threads, given: samples));
        Edges = [.. EdgesOf(nodes, plan)];
    }

    internal IReadOnlyList<string> Names { get; }

    internal IReadOnlyList<bool> Computes { get; }

    internal IReadOnlyList<double> Float { get; }

    internal IReadOnlyList<double> Int8 { get; }

    /// <summary>Values between two layers, with the number of their elements; −1 stands for what is float anyway.</summary>
    internal IReadOnlyList<(int From, int To, double Elements)> Edges { get; }

    private double[] Times(EngineProfile profile)
    {
        double[] times = new double[Names.Count];
        foreach ((Node node, NodeTime time) in profile.ByNode)
        {
            // Scales that were put in stand beside the value they belong to.
            string? name = node.OpType is "QuantizeLinear" or "DequantizeLinear" ? node.Input(0)?.Producer?.Name : node.Name;
            if (name is not null && _index.TryGetValue(name, out int index))
            {
                times[index] += time.Milliseconds;
            }
        }
        return times;
    }

    private IEnumerable<(int, int, double)> EdgesOf(Node[] nodes, QuantizationPlan plan)
    {
        for (int index = 0; index < nodes.Length; index++)
        {
            Value[] ends = plan.Role(nodes[index]) is OperatorRole.Computes or OperatorRole.Follows ? [plan.End(nodes[index])] : [.. nodes[index].Outputs.OfType<Value>()];
            foreach (Value end in ends)
            {
                foreach (Node reader in end.Uses.Select(use => use.Node).Distinct())
                {
                    yield return (index, _index.GetValueOrDefault(reader.Name, -1), Elements(end));
                }
                if (end.IsGraphOutput)
                {
                    yield return (index, -1, Elements(end));
                }
            }
            foreach (Value input in nodes[index].Inputs.OfType<Value>().Where(input => !input.IsConstant && (input.Producer is not { } producer || !_index.ContainsKey(producer.Name))))
            {
                yield return (-1, index, Elements(input));
            }
        }
    }

    private static double Elements(Value value) => value.Shape?.Dimensions.Aggregate(1.0, (product, dimension) => product * (dimension.Size ?? 1)) ?? 0;
}
