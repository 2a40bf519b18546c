using Edge.Graph;
using Edge.Graph.Inference;
using Edge.Graph.Passes;
using Edge.Quantizer.Passes;
using Edge.Quantizer.Targets;

namespace Edge.Quantizer;

/// <summary>A float model as quantization works on it: cleaned, folded, of an opset with scales per channel, every node named.</summary>
public sealed class PreparedModel
{
    // Per-channel scales came with opset 13, 16-bit activations with 21.
    private const long SmallestOpset = 13;
    private const long WideOpset = 21;

    private PreparedModel(OnnxModel model) => Model = model;

    /// <summary>The float model; whoever edits it keeps names of nodes and values.</summary>
    public OnnxModel Model { get; }

    /// <summary>Prepares a model.</summary>
    /// <param name="model">A float model; it is not changed.</param>
    /// <param name="isWide">Whether activations take 16 bits.</param>
    /// <exception cref="QuantizationException">The model is quantized already, or its weights are no float32.</exception>
    /// <exception cref="ModelFormatException">The model breaks the specification, or is too old to be upgraded.</exception>
    public static PreparedModel Of(OnnxModel model, bool isWide = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).FirstOrDefault(IsQuantized) is { } node)
        {
            throw new QuantizationException($"the model is quantized already ({node.Describe()}); quantize the float model that it came from");
        }
        OnnxModel result = model.Copy();
        new UpgradeOpset(isWide ? WideOpset : SmallestOpset).Run(result);
        PassPipeline.ForDeployment.Run(result);
        ShapeInference.Run(result);
        NameNodes(result.Graph);
        return new PreparedModel(result);
    }

    /// <summary>Refuses names that no node has.</summary>
    /// <param name="names">Names of nodes.</param>
    /// <exception cref="QuantizationException">A name is unknown.</exception>
    public void RequireNodes(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var known = Model.Graph.Nodes.Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new QuantizationException($"the cleaned model has no node '{unknown}'; 'edge inspect' lists them");
        }
    }

    /// <summary>The same model with other weights.</summary>
    /// <param name="source">A model with initializers of the same names; those that are missing there stay.</param>
    internal PreparedModel WithWeights(OnnxModel source)
    {
        OnnxModel copy = Model.Copy();
        foreach (Value value in copy.Graph.Initializers.Where(value => value.Constant!.Type == ElementType.Float).ToArray())
        {
            if (source.Graph.Find(value.Name)?.Constant is { Type: ElementType.Float } trained && trained.Length == value.Constant!.Length)
            {
                copy.Graph.SetConstant(value, trained);
            }
        }
        return new PreparedModel(copy);
    }

    /// <summary>The tensors that calibration has to look at for a target.</summary>
    /// <param name="target">The target.</param>
    /// <exception cref="QuantizationException">Nothing of the model can be quantized.</exception>
    public IReadOnlyList<string> Tensors(QuantizationTarget target)
    {
        var plan = new QuantizationPlan(Model, target, new Dictionary<string, string>());
        if (!plan.Nodes.Any(node => plan.Role(node) == OperatorRole.Computes))
        {
            FloatNode? first = plan.Float.FirstOrDefault(node => Model.Graph.Nodes.Any(item => item.Name == node.Name && target.Computes.Contains(item.OpType)));
            throw new QuantizationException($"nothing of the model can be quantized: {(first is null ? $"it holds no {string.Join(", ", target.Computes.Order(StringComparer.Ordinal))} outside of subgraphs" : $"{first.Description}: {first.Reason}")}");
        }
        // What is only moved keeps the range of its source.
        return [.. plan.Activations.Where(value => ActivationScales.Fixed(value) is null && !(value.Producer is { } producer && plan.Nodes.Contains(producer) && plan.Role(producer) == OperatorRole.Moves)).Select(value => value.Name)];
    }

    /// <summary>The nodes of a target that may compute on whole numbers, in the order of the graph.</summary>
    /// <param name="target">The target.</param>
    public IReadOnlyList<Node> Candidates(QuantizationTarget target)
    {
        var plan = new QuantizationPlan(Model, target, new Dictionary<string, string>());
        return [.. Model.Graph.Nodes.Where(plan.Nodes.Contains)];
    }

    private static bool IsQuantized(Node node) =>
        node.OpType is "QuantizeLinear" or "DequantizeLinear" or "ConvInteger" or "MatMulInteger" or "DynamicQuantizeLinear" or "MatMulNBits"
        || node.OpType.StartsWith("QLinear", StringComparison.Ordinal);

    private static void NameNodes(OnnxGraph graph)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        int index = 0;
        foreach (Node node in graph.Nodes)
        {
            string stem = node.Name.Length > 0 ? node.Name : $"{node.OpType}_{index}";
            for (int copy = 2; !taken.Add(stem); copy++)
            {
                stem = taken.Contains($"{stem}_{copy}") ? stem : $"{stem}_{copy}";
            }
            node.Name = stem;
            index++;
        }
    }
}
