using Edge.Graph;
using Edge.Quantizer.Observers;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer.Passes;

/// <summary>The scale of every quantized activation, from its statistics and from what must share one.</summary>
internal sealed class ActivationScales
{
    // Above this ratio of widths the narrower value would lose more than a bit and a half by sharing a scale.
    private const float LargestRatio = 3;

    private readonly QuantizationPlan _plan;
    private readonly ScaleGroups _groups = new();
    private readonly Dictionary<Value, TensorRange> _own = [];
    private readonly Dictionary<Value, TensorRange> _ranges = [];
    private readonly Dictionary<Value, AffineParameters> _parameters = [];

    internal ActivationScales(OnnxGraph graph, QuantizationPlan plan, IReadOnlyDictionary<string, TensorStatistics> statistics, QuantizationOptions options)
    {
        _plan = plan;
        foreach (Node node in graph.Nodes.Where(node => plan.Nodes.Contains(node) && plan.Role(node) == OperatorRole.Moves))
        {
            foreach (Value output in node.Outputs.OfType<Value>().Where(plan.Activations.Contains))
            {
                _groups.Join(node.Inputs[0]!, output);
            }
        }
        foreach (Value value in plan.Activations)
        {
            _own[value] = Fixed(value) ?? Range(value, statistics, options.Rule);
        }
        foreach (Node node in graph.Nodes.Where(node => plan.Nodes.Contains(node) && plan.Role(node) == OperatorRole.Merges))
        {
            Merge(node);
        }
        foreach (Value value in plan.Activations)
        {
            Value group = _groups[value];
            // What is only moved holds nothing that its source does not hold.
            TensorRange own = IsMoved(value) ? _own[group] : _own[value];
            _ranges[group] = _ranges.TryGetValue(group, out TensorRange known) ? Union(known, own) : own;
        }
        foreach ((Value group, TensorRange range) in _ranges)
        {
            AffineParameters map = AffineParameters.Of(range, options.ActivationType, options.Target.SymmetricActivations);
            _parameters[group] = options.ActivationScales.TryGetValue(group.Name, out float scale) ? map with { Scale = scale } : map;
        }
    }

    /// <summary>The value that stands for all that share a scale with this one.</summary>
    internal Value Group(Value value) => _groups[value];

    /// <summary>The map of a quantized activation.</summary>
    internal AffineParameters this[Value value] => _parameters[_groups[value]];

    /// <summary>The range of a quantized activation.</summary>
    internal TensorRange RangeOf(Value value) => _ranges[_groups[value]];

    /// <summary>Values whose range follows from what makes them need no calibration.</summary>
    internal static TensorRange? Fixed(Value value) => value.Producer switch
    {
        { Domain: "", OpType: "Sigmoid" or "HardSigmoid" or "Softmax" } => new TensorRange(0, 1),
        { Domain: "", OpType: "Tanh" } => new TensorRange(-1, 1),
        _ => null,
    };

    private bool IsMoved(Value value) => value.Producer is { } producer && _plan.Nodes.Contains(producer) && _plan.Role(producer) == OperatorRole.Moves;

    private void Merge(Node node)
    {
        Value output = node.Outputs[0]!;
        Value[] inputs = [.. node.Inputs.OfType<Value>()];
        float[] widths = [.. inputs.Select(input => _own[_groups[input]]).Select(range => Math.Max(range.Maximum, 0) - Math.Min(range.Minimum, 0))];
        if (widths.Max() > LargestRatio * widths.Min())
        {
            return;
        }
        foreach (Value input in inputs)
        {
            _groups.Join(output, input);
        }
    }

    // A value that was not calibrated was only moved when it was planned: its range is within that of its source.
    private static TensorRange Range(Value value, IReadOnlyDictionary<string, TensorStatistics> statistics, RangeRule rule)
    {
        for (Value? source = value; source is not null; source = source.Producer?.Input(0))
        {
            if (Fixed(source) is { } known)
            {
                return known;
            }
            if (statistics.TryGetValue(source.Name, out TensorStatistics? found))
            {
                return rule.Find(found, ReadFunction.Of(source));
            }
        }
        throw new InvalidOperationException($"'{value.Name}' was not calibrated");
    }

    private static TensorRange Union(TensorRange one, TensorRange other) => new(Math.Min(one.Minimum, other.Minimum), Math.Max(one.Maximum, other.Maximum));
}
