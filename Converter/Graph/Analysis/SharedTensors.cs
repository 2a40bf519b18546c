using Edge.Graph.Inference;

namespace Edge.Graph.Analysis;

/// <summary>What the nodes of two models make under the same name, so that they can be compared layer by layer.</summary>
internal static class SharedTensors
{
    /// <summary>Floating-point tensors that a node of either main graph makes and neither gives out, in the order of the first.</summary>
    internal static IEnumerable<string> Find(OnnxModel first, OnnxModel second)
    {
        OnnxGraph a = Inferred(first).Graph;
        OnnxGraph b = Inferred(second).Graph;
        return a.Nodes.SelectMany(node => node.Outputs).OfType<Value>()
            .Where(value => IsFloat(value) && b.Find(value.Name) is { Producer: not null } twin && IsFloat(twin)).Select(value => value.Name);
    }

    /// <summary>A copy of a model that gives out more tensors, behind those that it gives out already; the model itself where there are none.</summary>
    internal static OnnxModel GiveOut(OnnxModel model, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return model;
        }
        OnnxModel copy = Inferred(model);
        foreach (string name in names)
        {
            copy.Graph.AddOutput(copy.Graph.Find(name)!);
        }
        return copy;
    }

    private static OnnxModel Inferred(OnnxModel model)
    {
        OnnxModel copy = model.Copy();
        ShapeInference.Run(copy);
        return copy;
    }

    private static bool IsFloat(Value value) =>
        value is { IsGraphOutput: false, ElementType: ElementType.Float or ElementType.Double or ElementType.Float16 or ElementType.BFloat16 };
}
