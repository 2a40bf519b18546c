namespace Edge.Graph.Passes;

/// <summary>Removes Dropout, which passes its input on unchanged at inference.</summary>
public sealed class RemoveDropout : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "remove Dropout";

    /// <inheritdoc/>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        int changes = 0;
        foreach (OnnxGraph graph in model.Graph.WithSubgraphs().ToArray())
        {
            foreach (Node node in graph.Nodes)
            {
                if (node.Is("Dropout") && !MaskIsRead(node) && IsInference(node))
                {
                    node.Outputs[0]!.ReplaceAllUsesWith(node.Inputs[0]!);
                    changes += node.TryRemove() ? 1 : 0;
                }
            }
        }
        return changes;
    }

    private static bool MaskIsRead(Node node) => node.Outputs.Count > 1 && node.Outputs[1] is { } mask && (mask.Uses.Count > 0 || mask.IsGraphOutput);

    // Since opset 12 an input says whether to drop; it is false when left out.
    private static bool IsInference(Node node) =>
        node.Input(2) is not { } training || training is { IsConstant: true, Constant: { Type: ElementType.Bool, Length: 1 } mode } && mode.Bytes.Span[0] == 0;
}
