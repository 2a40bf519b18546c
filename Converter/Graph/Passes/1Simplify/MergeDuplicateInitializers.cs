using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Lets readers of equal constants read one of them.</summary>
/// <remarks>
/// Floating-point constants whose elements are all alike stay apart: equal biases of zero, or slopes of 0.25, belong to
/// different layers, and training would otherwise move them together.
/// </remarks>
public sealed class MergeDuplicateInitializers : IGraphPass
{
    // Constants of sibling branches are worth a move to the graph around them from this many bytes on.
    private const int SmallestMoved = 1024;

    /// <inheritdoc/>
    public string Name => "merge equal constants";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        // Content is looked at only where type and sizes agree.
        var groups = model.Graph.WithSubgraphs().SelectMany(graph => graph.Initializers).Where(CanMerge).GroupBy(value => value.Constant!.ToString());
        foreach (Value[] candidates in groups.Select(group => group.ToArray()).ToArray())
        {
            if (candidates.Length > 1)
            {
                changes += Merge(candidates, model.Graph);
            }
        }
        return changes;
    }

    private static int Merge(Value[] candidates, OnnxGraph root)
    {
        int changes = 0;
        var kept = new Dictionary<OnnxTensor, List<Value>>(TensorContentComparer.Instance);
        foreach (Value value in candidates)
        {
            OnnxTensor tensor = value.Constant!;
            if (tensor.Type.IsFloat() && Numbers.IsUniform(tensor))
            {
                continue;
            }
            if (!kept.TryGetValue(tensor, out List<Value>? same))
            {
                kept.Add(tensor, [value]);
                continue;
            }
            Value? other = same.Find(each => IsVisible(each.Graph, value.Graph));
            if (other is null && tensor.Bytes.Length < SmallestMoved)
            {
                same.Add(value);
                continue;
            }
            if (other is null)
            {
                // Branches cannot see into each other; what both hold moves to the graph around them all.
                other = root.AddConstant(value.Name, tensor);
                foreach (Value hidden in same)
                {
                    Replace(hidden, other);
                }
                changes += same.Count;
                same.Clear();
                same.Add(other);
            }
            Replace(value, other);
            changes++;
        }
        return changes;
    }

    private static void Replace(Value value, Value other)
    {
        value.ReplaceAllUsesWith(other);
        value.Graph.RemoveInitializer(value);
    }

    private static bool IsVisible(OnnxGraph graph, OnnxGraph from)
    {
        for (OnnxGraph? around = from; around is not null; around = around.Parent)
        {
            if (ReferenceEquals(around, graph))
            {
                return true;
            }
        }
        return false;
    }

    private static bool CanMerge(Value value) => value is { IsConstant: true, IsGraphOutput: false };
}
