using Edge.Graph;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Passes;

/// <summary>Which nodes compute on whole numbers, and which values are quantized for that.</summary>
internal sealed class QuantizationPlan
{
    private readonly QuantizationTarget _target;
    private readonly IReadOnlySet<string> _keepFloat;
    private readonly Dictionary<Value, Value> _sources = [];

    internal QuantizationPlan(OnnxGraph graph, QuantizationOptions options)
    {
        _target = options.Target;
        _keepFloat = options.KeepFloat;
        foreach (Node node in graph.Nodes)
        {
            Consider(node);
        }
        foreach (Node node in graph.Nodes.Backwards())
        {
            DropWhereNobodyGains(node);
        }
    }

    /// <summary>Nodes that compute on, or move, quantized values.</summary>
    internal HashSet<Node> Nodes { get; } = [];

    /// <summary>Activations that get a QuantizeLinear and a DequantizeLinear.</summary>
    internal HashSet<Value> Activations { get; } = [];

    /// <summary>Nodes with weights that stay float, with the reason.</summary>
    internal List<KeyValuePair<string, string>> Float { get; } = [];

    /// <summary>The value whose range an activation shares: its own, or that of what was only moved.</summary>
    internal Value RangeSource(Value value)
    {
        while (_sources.TryGetValue(value, out Value? source))
        {
            value = source;
        }
        return value;
    }

    /// <summary>The axis of a weight that has a scale for each slice.</summary>
    internal static int WeightAxis(Node node) => node.OpType switch
    {
        "Conv" => 0,
        "Gemm" => node.Attributes.GetInt("transB", 0) != 0 ? 0 : 1,
        _ => node.Inputs[1]!.Constant!.Dims.Length - 1,
    };

    private void Consider(Node node)
    {
        if (node.Domain.Length > 0)
        {
            return;
        }
        if (_target.Computes.Contains(node.OpType))
        {
            if (ReasonToStayFloat(node) is { } reason)
            {
                Float.Add(KeyValuePair.Create(node.Describe(), reason));
                return;
            }
            Activations.Add(node.Inputs[0]!);
            Accept(node, End(node));
        }
        else if (_target.Follows.Contains(node.OpType) && !_keepFloat.Contains(node.Name) && node.Inputs.All(input => input is not null && Activations.Contains(input)))
        {
            Accept(node, End(node));
        }
        else if (_target.Moves.Contains(node.OpType) && node.Inputs[0] is { } source && Activations.Contains(source))
        {
            Accept(node, node.Outputs[0]!);
            _sources[node.Outputs[0]!] = source;
        }
    }

    private void Accept(Node node, Value end)
    {
        Nodes.Add(node);
        Activations.Add(end);
    }

    // An activation that the engine computes together with the node, so that nothing is rounded in between.
    private static Value End(Node node)
    {
        Value output = node.Outputs[0]!;
        return output is { Uses.Count: 1, IsGraphOutput: false } && output.Uses.First().Node is { OpType: "Relu" or "Clip" } next && ReferenceEquals(next.Graph, node.Graph)
            ? next.Outputs[0]!
            : output;
    }

    private void DropWhereNobodyGains(Node node)
    {
        if (!Nodes.Contains(node))
        {
            return;
        }
        Value end = _target.Moves.Contains(node.OpType) ? node.Outputs[0]! : End(node);
        if (end.Uses.Any(use => Nodes.Contains(use.Node)))
        {
            return;
        }
        if (_target.Moves.Contains(node.OpType))
        {
            Nodes.Remove(node);
            Activations.Remove(end);
        }
        else if (node.OpType is "Gemm" or "MatMul")
        {
            // These have kernels that multiply whole numbers and give floats: the last layer rounds its result for nothing.
            Activations.Remove(end);
        }
    }

    private string? ReasonToStayFloat(Node node)
    {
        if (_keepFloat.Contains(node.Name))
        {
            return "asked for";
        }
        if (node.Input(0) is not { } input || input.IsConstant)
        {
            return "its input is constant";
        }
        if (node.Input(1) is not { IsConstant: true, Constant: { Type: ElementType.Float } weight } || weight.Dims.Length < 2)
        {
            return "its weight is not a constant float32 tensor";
        }
        if (node.OpType == "Gemm" && (node.Attributes.GetFloat("alpha", 1) != 1 || node.Attributes.GetFloat("beta", 1) != 1 || node.Attributes.GetInt("transA", 0) != 0))
        {
            return "it scales or transposes what it adds";
        }
        long channels = weight.Dims[WeightAxis(node)];
        if (node.Input(2) is { } bias && (bias is not { IsConstant: true, Constant: { Type: ElementType.Float } shift } || shift.Length != channels))
        {
            return "its bias is not a constant with one value a channel";
        }
        return null;
    }
}
