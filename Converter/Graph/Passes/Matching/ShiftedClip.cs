namespace Edge.Graph.Passes.Matching;

/// <summary>The pattern <c>Clip(x + 3, 0, 6)</c> of the hard activations.</summary>
internal static class ShiftedClip
{
    /// <summary>The x of the pattern, or null where a value is made otherwise.</summary>
    internal static Value? Input(Value clipped, OnnxGraph graph)
    {
        if (clipped.MadeBy("Clip", graph) is not { } clip || !HasLimits(clip)
            || clip.Input(0).MadeBy("Add", graph) is not { } add || !add.Outputs[0]!.HasOneReader() || Match.WithConstant(add) is not { } sides)
        {
            return null;
        }
        return sides.Constant.IsNear(3) && sides.Constant.Constant!.Dims.Length <= 1 ? sides.Other : null;
    }

    private static bool HasLimits(Node clip) => clip.Attributes.Contains("max")
        ? clip.Attributes.GetFloat("min", float.MinValue) == 0 && clip.Attributes.GetFloat("max", 0) == 6
        : clip.Input(1).TryScalar(out double low) && clip.Input(2).TryScalar(out double high) && low == 0 && high == 6;
}
