namespace Edge.Graph.Passes.Matching;

/// <summary>The edits that passes have in common.</summary>
internal static class Edits
{
    /// <summary>Lets readers of a node's first output take another value of the same content, and removes the node.</summary>
    /// <returns>False, with nothing changed, where the graph gives the output out and the other value cannot stand there itself.</returns>
    internal static bool Bypass(Node node, Value replacement)
    {
        Value output = node.Outputs[0]!;
        if (!node.OnlyFirstOutputIsRead() || (output.IsGraphOutput && !CanBeOutput(replacement, node.Graph)))
        {
            return false;
        }
        KeepType(output, replacement);
        output.ReplaceAllUsesWith(replacement);
        node.TryRemove();
        return true;
    }

    /// <summary>Puts a node with the same result in the place of another, which is removed.</summary>
    /// <param name="node">The node that goes; its first output's readers and name go to the new one.</param>
    /// <param name="opType">The new operator, ONNX's own.</param>
    /// <param name="inputs">What it reads.</param>
    internal static Node Substitute(Node node, string opType, params IReadOnlyList<Value?> inputs)
    {
        Value output = node.Outputs[0]!;
        string name = output.Name;
        Node made = node.Graph.AddNode(opType, inputs, [node.Graph.FreshName(name + "_new")], node.Name, node);
        Value result = made.Outputs[0]!;
        result.Type = output.Type;
        bool isOutput = output.IsGraphOutput;
        output.ReplaceAllUsesWith(result);
        if (node.TryRemove() && !isOutput)
        {
            node.Graph.Rename(result, name);
        }
        return made;
    }

    /// <summary>Can a value be given out by a graph under an output's name, without an Identity between?</summary>
    internal static bool CanBeOutput(Value value, OnnxGraph graph) =>
        ReferenceEquals(value.Graph, graph) && value.Producer is not null && !value.IsGraphOutput;

    /// <summary>Adds a constant under a new name.</summary>
    internal static Value AddConstant(this OnnxGraph graph, string stem, OnnxTensor tensor) => graph.AddInitializer(graph.FreshName(stem), tensor);

    /// <summary>Copies every attribute.</summary>
    internal static void CopyAttributes(Node from, Node to)
    {
        foreach (NodeAttribute attribute in from.Attributes)
        {
            to.Attributes.Set(attribute);
        }
    }

    // What the file declares of an output is a promise to the outside and stays.
    private static void KeepType(Value output, Value replacement)
    {
        bool isPromise = output is { IsGraphOutput: true, Type: TensorType { Shape: not null } };
        if (!replacement.IsGraphInput && replacement.Constant is null && (isPromise || replacement.Type is null))
        {
            replacement.Type = output.Type ?? replacement.Type;
        }
    }
}
