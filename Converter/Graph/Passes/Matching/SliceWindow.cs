namespace Edge.Graph.Passes.Matching;

/// <summary>What a Slice takes, where that is constant: from attributes before opset 10, from inputs since.</summary>
internal sealed record SliceWindow(long[] Axes, long[] Starts, long[] Ends, long[] Steps)
{
    /// <summary>The window of a Slice; null where a part of it is computed or the lists differ in length.</summary>
    internal static SliceWindow? Of(Node node)
    {
        bool byAttribute = node.Attributes.Contains("starts");
        long[]? starts = byAttribute ? node.Attributes.GetInts("starts", null) : node.Input(1).Integers();
        long[]? ends = byAttribute ? node.Attributes.GetInts("ends", null) : node.Input(2).Integers();
        if (starts is null || ends is null)
        {
            return null;
        }
        long[]? axes = byAttribute ? node.Attributes.GetInts("axes", null) : node.Input(3).Integers();
        bool countsAxes = byAttribute ? axes is null : node.Input(3) is null;
        long[]? steps = node.Input(4).Integers();
        if (countsAxes)
        {
            axes = new long[starts.Length];
            for (int index = 0; index < axes.Length; index++)
            {
                axes[index] = index;
            }
        }
        if (byAttribute || node.Input(4) is null)
        {
            steps = new long[starts.Length];
            Array.Fill(steps, 1);
        }
        return axes?.Length == starts.Length && ends.Length == starts.Length && steps?.Length == starts.Length ? new SliceWindow(axes, starts, ends, steps) : null;
    }
}
