using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Computes what depends on constants alone, once and for all, in ONNX Runtime: every such node of a graph goes into one
/// model, which runs once, and only what the rest of the graph reads is kept.
/// </summary>
/// <remarks>
/// Left alone: random operators, nodes with subgraphs or of other domains, QuantizeLinear and DequantizeLinear, the Cast
/// behind weights stored as float16, and results that are large or much larger than what they are made of.
/// </remarks>
public sealed class FoldConstants : IGraphPass
{
    /// <summary>The largest result that is stored, in bytes.</summary>
    public const long MaximumResultBytes = 16 << 20;

    // Smaller results are stored however little they are made of; larger ones only up to this many times their inputs.
    private const long SmallResultBytes = 64 << 10;
    private const long MaximumGrowth = 4;
    // A tensor of one number repeated is made as fast as it is read, and costs the file nothing as a node.
    private const long LargestFill = 4 << 10;
    // What all results together may add to a model, and how much of it is computed in one go.
    private const long MaximumAddedBytes = 128 << 20;
    private const long MaximumBatchBytes = 256 << 20;
    // A batch that the engine refuses is cut in two to find the culprit; no more often than this.
    private const int MaximumRefusals = 40;

    /// <inheritdoc/>
    public string Name => "fold constants";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        int refusals = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (List<Node> batch in Batches(graph))
            {
                changes += Fold(model, batch, ref refusals);
            }
        }
        return changes;
    }

    private static List<List<Node>> Batches(OnnxGraph graph)
    {
        var batches = new List<List<Node>>();
        var results = new Dictionary<Value, long>();
        long added = 0;
        long batchBytes = 0;
        foreach (Node node in graph.Nodes)
        {
            if (!Operators.CanFold(node) || !TryInputBytes(node, results, out long inputBytes) || !TryResultBytes(node, inputBytes, out long[] resultBytes))
            {
                continue;
            }
            long sum = resultBytes.Sum();
            if (added + sum > MaximumAddedBytes)
            {
                break;
            }
            added += sum;
            if (batches.Count == 0 || batchBytes + inputBytes + sum > MaximumBatchBytes)
            {
                batches.Add([]);
                batchBytes = 0;
            }
            batchBytes += inputBytes + sum;
            batches[^1].Add(node);
            for (int index = 0; index < resultBytes.Length; index++)
            {
                if (node.Outputs[index] is { } output)
                {
                    results[output] = resultBytes[index];
                }
            }
        }
        return batches;
    }

    private static bool TryInputBytes(Node node, Dictionary<Value, long> results, out long bytes)
    {
        bytes = 0;
        foreach (Value? input in node.Inputs)
        {
            if (input is null)
            {
                continue;
            }
            if (input is { IsConstant: true, Constant: { } tensor })
            {
                bytes += tensor.Strings?.Sum(text => (long)text.Length) ?? tensor.Bytes.Length;
            }
            else if (results.TryGetValue(input, out long computed))
            {
                bytes += computed;
            }
            else
            {
                return false;
            }
        }
        return node.Inputs.Count > 0 && !IsStorage(node);
    }

    // Weights in half the space, widened when the model runs.
    private static bool IsStorage(Node node) =>
        node.Is("Cast") && node.Inputs[0]!.Constant is { Type: ElementType.Float16 or ElementType.BFloat16, Length: >= WeightsToFloat16.SmallestTensor };

    // A result of unknown size is taken only from operators that give no more elements than they get.
    private static bool TryResultBytes(Node node, long inputBytes, out long[] bytes)
    {
        bytes = new long[node.Outputs.Count];
        for (int index = 0; index < bytes.Length; index++)
        {
            if (node.Outputs[index] is not { } output)
            {
                continue;
            }
            if (output.Type is TensorType { Shape: { IsFixed: true } shape } type)
            {
                double count = shape.Dimensions.Aggregate(1.0, (product, dimension) => product * dimension.Size!.Value);
                double size = count * Math.Max(type.Element.BitsPerElement(), 8) / 8;
                if (size > MaximumResultBytes || (size > LargestFill && node.OpType == "ConstantOfShape") || (size > SmallResultBytes && size > MaximumGrowth * inputBytes))
                {
                    return false;
                }
                bytes[index] = (long)size;
            }
            else if (NeverGrows(node) && inputBytes <= SmallResultBytes)
            {
                bytes[index] = inputBytes * sizeof(long);
            }
            else
            {
                return false;
            }
        }
        return true;
    }

    private static bool NeverGrows(Node node) => node.OpType is "Abs" or "Cast" or "Ceil" or "Compress" or "Concat" or "Exp" or "Flatten" or "Floor" or "Log"
        or "Neg" or "NonZero" or "Not" or "Reciprocal" or "ReduceMax" or "ReduceMean" or "ReduceMin" or "ReduceProd" or "ReduceSum" or "Reshape" or "Shape"
        or "Size" or "Slice" or "Split" or "Sqrt" or "Squeeze" or "TopK" or "Transpose" or "Unique" or "Unsqueeze"
        || (node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Gather" && node.Inputs.Any(input => input?.Constant is { Length: 1 }));

    private static int Fold(OnnxModel model, List<Node> nodes, ref int refusals)
    {
        if (nodes.Count == 0 || refusals >= MaximumRefusals)
        {
            return 0;
        }
        try
        {
            return new ConstantBatch(model, nodes).Fold();
        }
        catch (ModelFormatException)
        {
            // The engine has no kernel for one of the nodes, or refuses its inputs: that one stays as it is.
            refusals++;
        }
        if (nodes.Count == 1)
        {
            return 0;
        }
        int half = nodes.Count / 2;
        int changes = Fold(model, nodes[..half], ref refusals);
        // What reads a node that stays can no longer be folded.
        var open = new HashSet<Value>();
        var rest = new List<Node>();
        foreach (Node node in nodes[half..])
        {
            if (node.Inputs.All(input => input is null || input.IsConstant || open.Contains(input)))
            {
                rest.Add(node);
                open.UnionWith(node.Outputs.OfType<Value>());
            }
        }
        return changes + Fold(model, rest, ref refusals);
    }
}
