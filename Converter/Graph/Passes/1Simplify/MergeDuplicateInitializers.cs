using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Lets readers of equal constants read one of them.</summary>
/// <remarks>
/// Floating-point constants whose elements are all alike stay apart: equal biases of zero, or slopes of 0.25, belong to
/// different layers, and training would otherwise move them together.
/// </remarks>
public sealed class MergeDuplicateInitializers : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "merge equal constants";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            // Content is looked at only where type and sizes agree.
            foreach (IGrouping<string, Value> group in graph.Initializers.Where(CanMerge).GroupBy(value => value.Constant!.ToString()).ToArray())
            {
                Value[] candidates = [.. group];
                if (candidates.Length > 1)
                {
                    changes += Merge(candidates);
                }
            }
        }
        return changes;
    }

    private static int Merge(Value[] candidates)
    {
        int changes = 0;
        var kept = new Dictionary<OnnxTensor, Value>(TensorContentComparer.Instance);
        foreach (Value value in candidates)
        {
            if (value.Constant!.Type.IsFloat() && Numbers.IsUniform(value.Constant))
            {
                continue;
            }
            if (!kept.TryAdd(value.Constant, value))
            {
                value.ReplaceAllUsesWith(kept[value.Constant]);
                value.Graph.RemoveInitializer(value);
                changes++;
            }
        }
        return changes;
    }

    private static bool CanMerge(Value value) => value is { IsConstant: true, IsGraphOutput: false };
}
