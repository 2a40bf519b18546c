using Edge.Graph;

namespace Edge.Training.Execution;

/// <summary>Writes out the function that a node calls as a graph of its own, with the node's attributes in place.</summary>
internal static class FunctionExpansion
{
    public static OnnxGraph Of(OnnxFunction function, Node call)
    {
        var graph = new OnnxGraph(function.Name);
        var values = new Dictionary<Value, Value>();
        foreach (Value input in function.Body.Inputs)
        {
            values[input] = graph.AddInput(input.Name, ElementType.Undefined, null);
        }
        foreach (Node node in function.Body.Nodes)
        {
            var inputs = new List<Value?>();
            foreach (Value? input in node.Inputs)
            {
                inputs.Add(input is null ? null : values.TryGetValue(input, out Value? known) ? known
                    : throw new TrainingException($"{call.Describe()}: function '{function.Name}' reads '{input.Name}', which nothing in it makes"));
            }
            var names = new List<string>();
            foreach (Value? output in node.Outputs)
            {
                names.Add(output?.Name ?? "");
            }
            Node copy = graph.AddNode(node.OpType, inputs, names, node.Name, domain: node.Domain);
            for (int i = 0; i < node.Outputs.Count; i++)
            {
                if (node.Outputs[i] is { } output)
                {
                    values[output] = copy.Outputs[i]!;
                }
            }
            CopyAttributes(function, call, node, copy);
        }
        foreach (Value output in function.Body.Outputs)
        {
            graph.AddOutput(values.TryGetValue(output, out Value? known) ? known
                : throw new TrainingException($"{call.Describe()}: output '{output.Name}' of function '{function.Name}' is made by no node"));
        }
        return graph;
    }

    private static void CopyAttributes(OnnxFunction function, Node call, Node node, Node copy)
    {
        foreach (NodeAttribute attribute in node.Attributes)
        {
            if (attribute.Content is OnnxGraph or OnnxGraph[])
            {
                throw new TrainingException($"{call.Describe()}: function '{function.Name}' has graphs inside its nodes, which the training engine does not run; inline it before");
            }
            NodeAttribute? given = attribute;
            if (attribute.Reference is { } reference)
            {
                given = call.Attributes.Find(reference);
                foreach (NodeAttribute fallback in function.DefaultAttributes)
                {
                    given ??= fallback.Name == reference ? fallback : null;
                }
            }
            if (given is not null)
            {
                copy.Attributes.Set(given with { Name = attribute.Name, Reference = null });
            }
        }
    }
}
