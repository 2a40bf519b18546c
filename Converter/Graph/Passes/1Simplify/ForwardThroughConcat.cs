using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Lets readers of a Slice that takes exactly one part of a Concat read that part itself.</summary>
public sealed class ForwardThroughConcat : NodePass
{
    /// <inheritdoc/>
    public override string Name => "read parts of a Concat directly";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("Slice") || node.Input(0).MadeBy("Concat", node.Graph) is not { } concat || concat.Outputs[0]!.Shape is not { } shape
            || SliceWindow.Of(node) is not { Axes: [var sliced], Starts: [var start], Ends: [var end], Steps: [1] })
        {
            return false;
        }
        long axis = concat.Attributes.GetInt("axis", 1);
        axis = axis < 0 ? axis + shape.Rank : axis;
        sliced = sliced < 0 ? sliced + shape.Rank : sliced;
        if (axis != sliced || axis < 0 || axis >= shape.Rank || shape[(int)axis].Size is not { } whole)
        {
            return false;
        }
        start = Math.Clamp(start < 0 ? start + whole : start, 0, whole);
        end = Math.Clamp(end < 0 ? end + whole : end, 0, whole);
        long position = 0;
        foreach (Value? part in concat.Inputs)
        {
            if (part?.Shape is not { } partShape || partShape.Rank != shape.Rank || partShape[(int)axis].Size is not { } size)
            {
                return false;
            }
            if (position == start && position + size == end && size > 0)
            {
                return Edits.Bypass(node, part);
            }
            position += size;
        }
        return false;
    }
}
