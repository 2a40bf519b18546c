using Edge.Graph;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Passes;

/// <summary>Which nodes compute on whole numbers, and which values are quantized for that.</summary>
internal sealed class QuantizationPlan
{
    private readonly OnnxGraph _graph;
    private readonly QuantizationTarget _target;
    private readonly IReadOnlyDictionary<string, string> _keepFloat;
    private readonly HashSet<Node> _tail;
    private readonly Dictionary<Node, string> _reasons = [];
    private readonly HashSet<Node> _joined = [];
    private readonly HashSet<Node> _pulled = [];

    internal QuantizationPlan(OnnxModel model, QuantizationTarget target, IReadOnlyDictionary<string, string> keepFloat)
    {
        _graph = model.Graph;
        _target = target;
        _keepFloat = keepFloat;
        _tail = DecodeTail.Find(model);
        Node[] nodes = [.. _graph.Nodes];
        foreach (Node node in nodes)
        {
            if (Role(node) == OperatorRole.Computes)
            {
                Compute(node);
            }
        }
        foreach (Node node in _graph.Nodes.Backwards())
        {
            Pull(node);
        }
        foreach (Node node in nodes)
        {
            Follow(node);
        }
        foreach (Node node in _graph.Nodes.Backwards())
        {
            DropWhereNobodyGains(node);
        }
        Activations.RemoveWhere(value => !IsMadeQuantized(value) && !value.Uses.Any(use => Nodes.Contains(use.Node)));
        foreach (Node node in Nodes)
        {
            if (Joined(node) is { } joined)
            {
                _joined.Add(joined);
            }
        }
        Float = [.. nodes.Where(node => !Nodes.Contains(node) && !_joined.Contains(node)).Select(node => new FloatNode(node.Name, node.Describe(), Reason(node)))];
    }

    /// <summary>Nodes that compute on, or move, quantized values.</summary>
    internal HashSet<Node> Nodes { get; } = [];

    /// <summary>Activations that get a QuantizeLinear and a DequantizeLinear.</summary>
    internal HashSet<Value> Activations { get; } = [];

    /// <summary>Nodes that stay float, with the reason.</summary>
    internal IReadOnlyList<FloatNode> Float { get; }

    /// <summary>The role of a node.</summary>
    internal OperatorRole Role(Node node) => node.Domain.Length > 0 || !ReferenceEquals(node.Graph, _graph) ? OperatorRole.Float : _target.Operators.GetValueOrDefault(node.OpType);

    /// <summary>Is a value given by a node on whole numbers, so that all its readers see the rounded one?</summary>
    internal bool IsMadeQuantized(Value value) => value.Producer is { } producer && (Nodes.Contains(producer) || (Source(producer) is { } source && Nodes.Contains(source)));

    /// <summary>Whether a node multiplies two activations, as attention does, rather than one with weights.</summary>
    internal static bool IsProduct(Node node) => node.OpType == "MatMul" && node.Input(0) is { IsConstant: false } && node.Input(1) is { IsConstant: false };

    /// <summary>The axis of a weight that has a scale for each slice.</summary>
    internal static int WeightAxis(Node node) => node.OpType switch
    {
        "Conv" => 0,
        "ConvTranspose" => 1,
        "Gemm" => node.Attributes.GetInt("transB", 0) != 0 ? 0 : 1,
        _ => node.Inputs[1]!.Constant!.Dims.Length - 1,
    };

    /// <summary>What a node gives, behind an activation that the engine computes together with it.</summary>
    internal Value End(Node node) => Joined(node)?.Outputs[0] ?? node.Outputs[0]!;

    private Node? Joined(Node node) =>
        Role(node) is OperatorRole.Computes or OperatorRole.Follows && node.Outputs[0] is { Uses.Count: 1, IsGraphOutput: false } output
        && output.Uses.First().Node is { } next && Role(next) == OperatorRole.Joins && ReferenceEquals(next.Input(0), output) && !_keepFloat.ContainsKey(next.Name) ? next : null;

    private Node? Source(Node joined) => Role(joined) == OperatorRole.Joins && joined.Input(0)?.Producer is { } before && ReferenceEquals(Joined(before), joined) ? before : null;

    private void Compute(Node node)
    {
        if ((Refusal(node) ?? ReasonToStayFloat(node)) is { } reason)
        {
            _reasons[node] = reason;
            return;
        }
        Activations.Add(node.Inputs[0]!);
        if (IsProduct(node))
        {
            Activations.Add(node.Inputs[1]!);
        }
        Nodes.Add(node);
        Activations.Add(End(node));
    }

    // What only moves values that are quantized behind it anyway had better move the smaller numbers.
    private void Pull(Node node)
    {
        if (Role(node) is OperatorRole.Moves or OperatorRole.Merges && Refusal(node) is null
            && node.Outputs.OfType<Value>().All(output => output is { IsGraphOutput: false, Uses.Count: > 0 } && output.Uses.All(use => Activations.Contains(output) && (Nodes.Contains(use.Node) || _pulled.Contains(use.Node))))
            && Data(node).All(input => input is { IsConstant: false, ElementType: ElementType.Float } && ReferenceEquals(input.Graph, _graph)))
        {
            _pulled.Add(node);
            Activations.UnionWith(Data(node)!);
        }
    }

    private IEnumerable<Value?> Data(Node node) => Role(node) == OperatorRole.Moves ? [node.Input(0)] : node.Inputs;

    private void Follow(Node node)
    {
        OperatorRole role = Role(node);
        if (role is not (OperatorRole.Follows or OperatorRole.Moves or OperatorRole.Merges) || Refusal(node) is not null)
        {
            return;
        }
        IEnumerable<Value?> inputs = Data(node);
        bool takes = inputs.All(input => input is not null && (Activations.Contains(input) || (role == OperatorRole.Follows && IsPlainConstant(input)))) && inputs.Any(input => Activations.Contains(input!));
        if (!takes || (node.Is("Resize") && node.Attributes.GetString("mode", "nearest") == "cubic"))
        {
            return;
        }
        Nodes.Add(node);
        foreach (Value output in role == OperatorRole.Follows ? [End(node)] : node.Outputs.OfType<Value>())
        {
            Activations.Add(output);
        }
    }

    private static bool IsPlainConstant(Value value) => value is { IsConstant: true, Constant: { Type: ElementType.Float, Length: > 0 } };

    private void DropWhereNobodyGains(Node node)
    {
        if (!Nodes.Contains(node))
        {
            return;
        }
        OperatorRole role = Role(node);
        Value[] ends = role is OperatorRole.Computes or OperatorRole.Follows ? [End(node)] : [.. node.Outputs.OfType<Value>()];
        if (ends.Any(end => end.Uses.Any(use => Nodes.Contains(use.Node))))
        {
            return;
        }
        if (role != OperatorRole.Computes)
        {
            Nodes.Remove(node);
            _reasons[node] = "behind the last layer with weights: rounding there gains nothing";
        }
        if (role != OperatorRole.Computes || node.OpType != "Conv" || !_target.ConvolutionsGiveQuantized)
        {
            // Products of matrices have kernels that multiply whole numbers and give floats: the last layer rounds its result for nothing.
            Activations.ExceptWith(ends);
        }
    }

    private string? Refusal(Node node) => _keepFloat.TryGetValue(node.Name, out string? reason) ? reason : _tail.Contains(node) ? "decodes boxes or chooses among them" : null;

    private string Reason(Node node) => _reasons.TryGetValue(node, out string? reason) ? reason
        : Refusal(node) ?? (Role(node) == OperatorRole.Float ? $"{_target.Name} has no integer kernel for {node.OpType}" : "what it reads is float");

    private static string? ReasonToStayFloat(Node node)
    {
        if (IsProduct(node))
        {
            return node.Inputs[0]!.ElementType == ElementType.Float && node.Inputs[1]!.ElementType == ElementType.Float ? null : "what it multiplies is not known to be float32";
        }
        if (node.OpType == "ConvTranspose" && node.Attributes.GetInt("group", 1) != 1)
        {
            return "its groups cannot have scales of their own";
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
