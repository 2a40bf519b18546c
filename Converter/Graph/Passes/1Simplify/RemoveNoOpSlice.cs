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
        if (SliceWindow.Of(node) is not { } window)
        {
            return false;
        }
        for (int index = 0; index < window.Axes.Length; index++)
        {
            long axis = window.Axes[index];
            long? size = shape is null ? null : SizeAt(shape, axis < 0 ? axis + shape.Rank : axis);
            bool fromTheFirst = window.Starts[index] == 0 || window.Starts[index] <= -size;
            // Exporters write the largest int32 or int64 for "to the end".
            bool toTheLast = window.Ends[index] >= int.MaxValue || window.Ends[index] >= size;
            if (!fromTheFirst || !toTheLast || window.Steps[index] != 1)
            {
                return false;
            }
        }
        return true;
    }

    private static long? SizeAt(TensorShape shape, long axis) => axis >= 0 && axis < shape.Rank ? shape[(int)axis].Size : null;
}
