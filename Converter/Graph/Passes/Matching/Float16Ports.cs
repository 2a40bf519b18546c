namespace Edge.Graph.Passes.Matching;

/// <summary>Takes the Casts away that stand between a float16 graph and its float32 inputs and outputs.</summary>
internal static class Float16Ports
{
    internal static void Narrow(OnnxGraph graph)
    {
        foreach (Value input in graph.Inputs.Where(input => input is { Constant: null, ElementType: ElementType.Float }).ToArray())
        {
            // An input that float32 nodes read too, or that is given out as it is, stays what it is.
            if (input.IsGraphOutput || input.Uses.Count == 0 || !input.Uses.All(use => IsCast(use.Node, ElementType.Float16)))
            {
                continue;
            }
            Node[] casts = [.. input.Uses.Select(use => use.Node)];
            if (casts.Any(cast => cast.Outputs[0]!.IsGraphOutput))
            {
                continue;
            }
            input.Type = (TensorType)input.Type! with { Element = ElementType.Float16 };
            foreach (Node cast in casts)
            {
                cast.Outputs[0]!.ReplaceAllUsesWith(input);
                cast.TryRemove();
            }
        }
        foreach (Value output in graph.Outputs.Distinct().ToArray())
        {
            if (output is { Producer: { } cast, Uses.Count: 0 } && IsCast(cast, ElementType.Float)
                && cast.Inputs[0] is { ElementType: ElementType.Float16, IsGraphInput: false, IsGraphOutput: false, Producer: not null } half)
            {
                output.GiveOutputTo(half);
                cast.TryRemove();
            }
        }
    }

    private static bool IsCast(Node node, ElementType element) => node.Is("Cast") && node.Attributes.GetInt("to", 0) == (long)element;
}
