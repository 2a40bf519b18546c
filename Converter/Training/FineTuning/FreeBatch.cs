using Edge.Graph;

namespace Edge.Training.FineTuning;

/// <summary>Lets a model that was exported for a batch of one take any number of samples.</summary>
public static class FreeBatch
{
    private const string Symbol = "batch";

    /// <summary>Changes the model in place; one whose batch is free stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <returns>Whether something changed.</returns>
    public static bool Apply(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        OnnxGraph graph = model.Graph;
        List<Value> inputs = [.. graph.Inputs.Where(input => input.Constant is null)];
        long[] sizes = [.. inputs.Select(input => input.Shape is { Rank: > 0 } shape ? shape[0].Size ?? 0 : 0).Distinct()];
        if (sizes is not [> 0 and var batch])
        {
            return false;
        }
        foreach (Node node in graph.Nodes)
        {
            if (node.Is("Reshape") && node.Input(1) is { Constant: { } shape } value)
            {
                FreeReshape(node, value, shape.ToArray<long>(), batch);
            }
            foreach (Value? output in node.Outputs)
            {
                if (output is { IsGraphOutput: false })
                {
                    output.Type = null;
                }
            }
        }
        foreach (Value value in inputs.Concat(graph.Outputs))
        {
            if (value.Type is TensorType { Shape: { Rank: > 0 } shape } type && shape[0].Size == batch)
            {
                Dimension[] free = [.. shape.Dimensions];
                free[0] = Symbol;
                value.Type = new TensorType(type.Element, new TensorShape(free));
            }
        }
        return true;
    }

    private static void FreeReshape(Node node, Value value, long[] sizes, long batch)
    {
        if (sizes.Length == 0 || sizes[0] != batch)
        {
            return;
        }
        // 0 keeps the input's own batch, for a shape that leaves another size open already.
        sizes[0] = sizes.Contains(-1) ? 0 : -1;
        OnnxTensor free = OnnxTensor.From<long>(sizes, sizes.Length);
        if (value.Uses.Count == 1)
        {
            node.Graph.SetConstant(value, free);
        }
        else
        {
            node.SetInput(1, node.Graph.AddInitializer(node.Graph.FreshName(value.Name), free));
        }
    }
}
