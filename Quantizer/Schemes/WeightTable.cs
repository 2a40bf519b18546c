using Edge.Graph;

namespace Edge.Quantizer.Schemes;

/// <summary>Embedding tables on whole numbers: the rows that are looked up are restored, not the whole table.</summary>
internal static class WeightTable
{
    private const long Smallest = 1024;

    /// <summary>Rewrites every Gather from a constant float table; one scale a row.</summary>
    /// <returns>How many.</returns>
    internal static int Run(OnnxGraph graph)
    {
        int count = 0;
        foreach (Node node in graph.Nodes.ToArray())
        {
            if (node.Is("Gather") && node.Attributes.GetInt("axis", 0) == 0 && node.Input(0) is { IsConstant: true, Constant: { Type: ElementType.Float, Dims.Length: 2, Length: >= Smallest } table } value)
            {
                (OnnxTensor whole, float[] scales) = WeightQuantizer.Quantize(table, 0, 127, [], value.Name);
                Value rows = graph.AddInitializer(graph.FreshName(value.Name + "_quantized"), whole);
                Value steps = graph.AddInitializer(graph.FreshName(value.Name + "_scale"), OnnxTensor.From<float>(scales, scales.Length, 1));
                Value indices = node.Inputs[1]!;
                Value found = Add(graph, "Gather", [rows, indices], node).Outputs[0]!;
                Node cast = Add(graph, "Cast", [found], node);
                cast.Attributes.Set("to", (long)ElementType.Float);
                Value step = Add(graph, "Gather", [steps, indices], node).Outputs[0]!;
                Node product = Add(graph, "Mul", [cast.Outputs[0], step], node);
                Replace(node, product.Outputs[0]!);
                count++;
            }
        }
        return count;
    }

    /// <summary>Adds a node before another, named after it.</summary>
    internal static Node Add(OnnxGraph graph, string operation, IReadOnlyList<Value?> inputs, Node before, string domain = "", int outputs = 1)
    {
        string stem = graph.FreshName($"{before.Name}_{operation}");
        string[] names = new string[outputs];
        names[0] = stem;
        for (int index = 1; index < outputs; index++)
        {
            names[index] = graph.FreshName($"{stem}_{index}");
        }
        // Names of values are unique, those of nodes follow them.
        return graph.AddNode(operation, inputs, names, stem, before, domain);
    }

    /// <summary>Lets a value stand for what a node gave, and takes the node away.</summary>
    internal static void Replace(Node node, Value by)
    {
        Value old = node.Outputs[0]!;
        by.Type ??= old.Type;
        old.ReplaceAllUsesWith(by);
        node.TryRemove();
    }
}
