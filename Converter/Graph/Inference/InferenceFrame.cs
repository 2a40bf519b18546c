namespace Edge.Graph.Inference;

/// <summary>What the nodes of a graph stand in: the model itself, or the body of a function that a node calls.</summary>
/// <param name="Function">The function; null for the model's own graph.</param>
/// <param name="Caller">The node that calls it.</param>
/// <param name="Parent">What the calling node stands in.</param>
/// <param name="Opsets">The operator sets that the nodes are written in.</param>
/// <param name="Depth">How many graphs are around, functions and subgraphs together.</param>
internal sealed record InferenceFrame(OnnxFunction? Function, Node? Caller, InferenceFrame? Parent, SortedDictionary<string, long> Opsets, int Depth)
{
    /// <summary>The attribute of a node; where it refers to one of the calling node, that one.</summary>
    internal NodeAttribute? Attribute(Node node, string name)
    {
        NodeAttribute? attribute = node.Attributes.Find(name);
        if (attribute?.Reference is not { } reference)
        {
            return attribute;
        }
        NodeAttribute? given = Caller is null ? null : Parent!.Attribute(Caller, reference);
        return given ?? Function?.DefaultAttributes.FirstOrDefault(item => item.Name == reference);
    }
}
