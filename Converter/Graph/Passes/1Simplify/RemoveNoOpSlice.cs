using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes a Slice that takes everything.</summary>
public sealed class RemoveNoOpSlice : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove Slice without effect";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node.Is("Slice") && node.Input(0) is { } input && TakesAll(node, input.Shape) && Edits.Bypass(node, input);
    }

    private static bool TakesAll(Node node, TensorShape? shape)
    {
        bool byAttribute = node.Attributes.Contains("starts");
        long[]? starts = byAttribute ? node.Attributes.GetInts("starts", null) : node.Input(1).Integers();
        long[]? ends = byAttribute ? node.Attributes.GetInts("ends", null) : node.Input(2).Integers();
        bool hasAxes = byAttribute ? node.Attributes.Contains("axes") : node.Input(3) is not null;
        long[]? axes = byAttribute ? node.Attributes.GetInts("axes", null) : node.Input(3).Integers();
        bool stepsByOne = node.Input(4) is null || (node.Input(4).Integers() is { } steps && Array.TrueForAll(steps, step => step == 1));
        if (starts is null || ends is null || starts.Length != ends.Length || (hasAxes && axes?.Length != starts.Length) || !stepsByOne)
        {
            return false;
        }
        for (int index = 0; index < starts.Length; index++)
        {
            long axis = axes?[index] ?? index;
            long? size = shape is null ? null : axis < 0 ? SizeAt(shape, axis + shape.Rank) : SizeAt(shape, axis);
            bool fromTheFirst = starts[index] == 0 || starts[index] <= -size;
            // Exporters write the largest int32 or int64 for "to the end".
            bool toTheLast = ends[index] >= int.MaxValue || ends[index] >= size;
            if (!fromTheFirst || !toTheLast)
            {
                return false;
            }
        }
        return true;
    }

    private static long? SizeAt(TensorShape shape, long axis) => axis >= 0 && axis < shape.Rank ? shape[(int)axis].Size : null;
}
