using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Analysis;

/// <summary>What changed in structure and weights from one model to another.</summary>
/// <remarks>
/// Nodes pair up by name and operator, then by the name of what they make, and what is left by its operator in order.
/// Weights pair up by the nodes that read them, and are seen through Cast and DequantizeLinear: what the layer computes with is compared.
/// </remarks>
public sealed class ModelDifference
{
    private readonly List<string> _facts = [];
    private readonly List<string> _changed = [];
    private readonly List<WeightChange> _weights = [];
    private int _sameWeights;

    private ModelDifference(OnnxModel first, OnnxModel second)
    {
        CompareFacts(first, second);
        Node[] a = [.. Nodes(first)];
        Node[] b = [.. Nodes(second)];
        IReadOnlyDictionary<Node, Node> pairs = NodePairs.Find(a, b);
        var met = pairs.Values.ToHashSet();
        Removed = [.. a.Where(node => !pairs.ContainsKey(node)).Select(node => node.Describe())];
        Added = [.. b.Where(node => !met.Contains(node)).Select(node => node.Describe())];
        Operators = [.. CountOperators(a, b)];
        var compared = new HashSet<(Value, Value)>();
        foreach (Node node in a)
        {
            if (pairs.TryGetValue(node, out Node? twin))
            {
                CompareAttributes(node, twin);
                CompareWeights(node, twin, compared);
            }
        }
        _weights.Sort((x, y) => (y.Relative ?? double.PositiveInfinity).CompareTo(x.Relative ?? double.PositiveInfinity));
    }

    /// <summary>Changes of what the file says: opset, inputs, outputs, metadata; one line each.</summary>
    public IReadOnlyList<string> Facts => _facts;

    /// <summary>How often each operator stands in both, for those whose number changed.</summary>
    public IReadOnlyList<(string Operator, int Before, int After)> Operators { get; }

    /// <summary>Nodes of the first model that have no counterpart.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>Nodes of the second model that have no counterpart.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>Nodes of which an attribute or the number of inputs changed; one line each.</summary>
    public IReadOnlyList<string> Changed => _changed;

    /// <summary>Weights that changed, those that changed most first, those of other sizes before them.</summary>
    public IReadOnlyList<WeightChange> Weights => _weights;

    /// <summary>How many weights are the same, bit for bit.</summary>
    public int SameWeights => _sameWeights;

    /// <summary>True when nothing changed.</summary>
    public bool IsEqual => _facts.Count == 0 && Removed.Count == 0 && Added.Count == 0 && _changed.Count == 0 && _weights.Count == 0;

    /// <summary>Compares two models.</summary>
    /// <param name="first">What was.</param>
    /// <param name="second">What is.</param>
    public static ModelDifference Of(OnnxModel first, OnnxModel second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new ModelDifference(first, second);
    }

    private static IEnumerable<Node> Nodes(OnnxModel model) => model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes);

    private static string Name(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static IEnumerable<(string, int, int)> CountOperators(Node[] a, Node[] b)
    {
        Dictionary<string, int> before = a.CountBy(Name).ToDictionary();
        Dictionary<string, int> after = b.CountBy(Name).ToDictionary();
        return before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(name => (name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
            .Where(row => row.Item2 != row.Item3);
    }

    private void CompareFacts(OnnxModel first, OnnxModel second)
    {
        Fact("IR version", $"{first.IrVersion}", $"{second.IrVersion}");
        Fact("producer", $"{first.ProducerName} {first.ProducerVersion}".Trim(), $"{second.ProducerName} {second.ProducerVersion}".Trim());
        foreach (string domain in first.Opsets.Keys.Union(second.Opsets.Keys).Order(StringComparer.Ordinal))
        {
            Fact(domain.Length == 0 ? "opset" : $"opset of {domain}", Version(first, domain), Version(second, domain));
        }
        Ports("input", Inputs(first), Inputs(second));
        Ports("output", first.Graph.Outputs, second.Graph.Outputs);
        foreach (string key in first.Metadata.Keys.Union(second.Metadata.Keys).Order(StringComparer.Ordinal))
        {
            Fact($"metadata '{key}'", first.Metadata.GetValueOrDefault(key, "(none)"), second.Metadata.GetValueOrDefault(key, "(none)"));
        }
    }

    private static string Version(OnnxModel model, string domain) => model.Opsets.TryGetValue(domain, out long version) ? $"{version}" : "(none)";

    private static Value[] Inputs(OnnxModel model) => [.. model.Graph.Inputs.Where(input => input.Constant is null)];

    private void Ports(string kind, IReadOnlyList<Value> before, IReadOnlyList<Value> after)
    {
        string[] a = [.. before.Select(value => value.ToString())];
        string[] b = [.. after.Select(value => value.ToString())];
        for (int index = 0; index < Math.Max(a.Length, b.Length); index++)
        {
            Fact($"{kind} {index}", index < a.Length ? a[index] : "(none)", index < b.Length ? b[index] : "(none)");
        }
    }

    private void Fact(string what, string before, string after)
    {
        if (before != after)
        {
            _facts.Add($"{what}: {Cut(before)} → {Cut(after)}");
        }
    }

    private static string Cut(string text) => text.Length > 100 ? $"{text[..100]}…" : text;

    private void CompareAttributes(Node node, Node twin)
    {
        foreach (string name in node.Attributes.Select(item => item.Name).Union(twin.Attributes.Select(item => item.Name)))
        {
            NodeAttribute? before = node.Attributes.Find(name);
            NodeAttribute? after = twin.Attributes.Find(name);
            // Subgraphs are compared node by node.
            if (before?.Content is OnnxGraph or OnnxGraph[] || after?.Content is OnnxGraph or OnnxGraph[])
            {
                continue;
            }
            (string a, string b) = (Text(before), Text(after));
            if (a != b || (before?.Content is OnnxTensor x && after?.Content is OnnxTensor y && !x.ContentEquals(y)))
            {
                _changed.Add(a == b ? $"{node.Describe()}: {name} holds other numbers" : $"{node.Describe()}: {name} {a} → {b}");
            }
        }
        if (node.Inputs.Count != twin.Inputs.Count)
        {
            _changed.Add($"{node.Describe()}: {node.Inputs.Count} → {twin.Inputs.Count} inputs");
        }
    }

    private static string Text(NodeAttribute? attribute) => attribute?.Content switch
    {
        null => "(default)",
        long[] numbers => $"[{string.Join(',', numbers)}]",
        float[] numbers => $"[{string.Join(',', numbers.Select(number => number.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)))}]",
        float number => number.ToString("G6", System.Globalization.CultureInfo.InvariantCulture),
        byte[] text => $"'{System.Text.Encoding.UTF8.GetString(text)}'",
        byte[][] texts => $"[{string.Join(',', texts.Select(System.Text.Encoding.UTF8.GetString))}]",
        var other => other.ToString() ?? "",
    };

    private void CompareWeights(Node node, Node twin, HashSet<(Value, Value)> compared)
    {
        for (int index = 0; index < Math.Min(node.Inputs.Count, twin.Inputs.Count); index++)
        {
            if (EffectiveWeight.Of(node.Inputs[index]) is { } a && EffectiveWeight.Of(twin.Inputs[index]) is { } b && compared.Add((a.Origin, b.Origin)))
            {
                if (a.Tensor.ContentEquals(b.Tensor))
                {
                    _sameWeights++;
                }
                else
                {
                    _weights.Add(Change(node, a, b));
                }
            }
        }
    }

    private static WeightChange Change(Node node, EffectiveWeight first, EffectiveWeight second)
    {
        (OnnxTensor a, OnnxTensor b, string name) = (first.Tensor, second.Tensor, first.Origin.Name);
        string type = a.Type == b.Type && a.Dims.AsSpan().SequenceEqual(b.Dims) ? a.ToString() : $"{a} → {b}";
        if (!a.Dims.AsSpan().SequenceEqual(b.Dims) || !Numbers.TryFirst(a, out _) || !Numbers.TryFirst(b, out _))
        {
            return new WeightChange(node.Describe(), name, type, null, null);
        }
        (double signal, double noise, double largest) = (0, 0, 0);
        for (int index = 0; index < a.Length; index++)
        {
            double x = first.At(index)!.Value;
            double distance = Math.Abs(x - second.At(index)!.Value);
            signal += x * x;
            noise += distance * distance;
            largest = Math.Max(largest, distance);
        }
        return new WeightChange(node.Describe(), name, type, signal > 0 && double.IsFinite(noise) ? Math.Sqrt(noise / signal) : null, double.IsFinite(largest) ? largest : null);
    }
}
