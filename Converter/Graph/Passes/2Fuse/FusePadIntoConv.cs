using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Moves a Pad with zeros of the spatial axes into the Conv behind it.</summary>
public sealed class FusePadIntoConv : NodePass
{
    /// <inheritdoc/>
    public override string Name => "fuse Pad into Conv";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("Conv") || node.Input(0) is not { } input || input.MadeBy("Pad", node.Graph) is not { } pad || !input.HasOneReader()
            || node.Input(1)?.Shape is not { Rank: > 2 } weight || node.Attributes.GetString("auto_pad", "NOTSET") is not ("NOTSET" or "VALID" or "")
            || Pads(pad, weight.Rank) is not { } added)
        {
            return false;
        }
        int spatial = weight.Rank - 2;
        long[] present = node.Attributes.GetString("auto_pad", "NOTSET") == "VALID" ? new long[2 * spatial] : node.Attributes.GetInts("pads", new long[2 * spatial]);
        if (present.Length != 2 * spatial)
        {
            return false;
        }
        long[] pads = new long[2 * spatial];
        for (int axis = 0; axis < spatial; axis++)
        {
            pads[axis] = present[axis] + added[axis + 2];
            pads[axis + spatial] = present[axis + spatial] + added[axis + 2 + weight.Rank];
        }
        node.Attributes.Remove("auto_pad");
        node.Attributes.Set("pads", pads);
        node.SetInput(0, pad.Inputs[0]);
        return pad.TryRemove();
    }

    // Begins, then ends, one for each axis; null unless zeros are added, and on spatial axes only.
    private static long[]? Pads(Node pad, int rank)
    {
        bool byAttribute = pad.Attributes.Contains("pads");
        bool isZero = byAttribute ? pad.Attributes.GetFloat("value", 0) == 0 : pad.Input(2) is null || (pad.Input(2).TryScalar(out double fill) && fill == 0);
        long[]? pads = byAttribute ? pad.Attributes.GetInts("pads", null) : pad.Input(1).Integers();
        bool fits = isZero && pad.Attributes.GetString("mode", "constant") == "constant" && pad.Input(3) is null
            && pads is not null && pads.Length == 2 * rank && Array.TrueForAll(pads, size => size >= 0);
        return fits && pads![0] == 0 && pads[1] == 0 && pads[rank] == 0 && pads[rank + 1] == 0 ? pads : null;
    }
}
