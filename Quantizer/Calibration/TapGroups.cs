using Edge.Graph;
using Edge.Graph.Inference;

namespace Edge.Quantizer.Calibration;

/// <summary>
/// Cuts the tensors of interest into groups that fit a budget, in the order of the graph: a pass over an early group runs
/// no more of the model than it needs.
/// </summary>
internal static class TapGroups
{
    internal static IReadOnlyList<IReadOnlyList<string>> Of(OnnxModel model, IReadOnlyCollection<string> tensors, IReadOnlyDictionary<string, OnnxTensor> batch, long budget)
    {
        OnnxModel sized = model.Copy();
        ShapeInference.Run(sized, batch.Where(pair => sized.Graph.Find(pair.Key) is { IsGraphInput: true }).ToDictionary(pair => pair.Key, pair => TensorShape.Of(pair.Value.Dims)));
        var wanted = new HashSet<string>(tensors, StringComparer.Ordinal);
        var groups = new List<IReadOnlyList<string>>();
        var group = new List<string>();
        long bytes = 0;
        foreach (Value value in sized.Graph.Nodes.SelectMany(node => node.Outputs).OfType<Value>().Where(value => wanted.Contains(value.Name)))
        {
            // A size that stays unknown is taken for the whole budget.
            long size = value.Shape?.ToFixed() is { } dims ? dims.Aggregate((long)sizeof(float), (product, dim) => product * dim) : budget;
            if (group.Count > 0 && bytes + size > budget)
            {
                groups.Add(group);
                group = [];
                bytes = 0;
            }
            group.Add(value.Name);
            bytes += size;
        }
        if (group.Count > 0)
        {
            groups.Add(group);
        }
        return groups;
    }
}
