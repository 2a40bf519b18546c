using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Removes a Cast to the type that its input has, and a lossless Cast in front of another.</summary>
public sealed class RemoveNoOpCast : NodePass
{
    /// <inheritdoc/>
    public override string Name => "remove Cast without effect";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("Cast") || node.Input(0) is not { } input)
        {
            return false;
        }
        var target = (ElementType)node.Attributes.GetInt("to", 0);
        if (input.ElementType == target)
        {
            return Edits.Bypass(node, input);
        }
        if (input.MadeBy("Cast", node.Graph)?.Input(0) is { ElementType: { } first } origin && input.ElementType is { } middle && Holds(middle, first))
        {
            node.SetInput(0, origin);
            return true;
        }
        return false;
    }

    // Every number of one type is one of the other too.
    private static bool Holds(ElementType wide, ElementType narrow) => narrow switch
    {
        ElementType.Float => wide is ElementType.Double,
        ElementType.Float16 or ElementType.BFloat16 => wide is ElementType.Float or ElementType.Double,
        ElementType.Int32 => wide is ElementType.Int64 or ElementType.Double,
        ElementType.UInt32 => wide is ElementType.Int64 or ElementType.UInt64 or ElementType.Double,
        ElementType.Int8 => wide is ElementType.Int16 or ElementType.Int32 or ElementType.Int64 or ElementType.Float or ElementType.Double,
        ElementType.UInt8 => wide is ElementType.Int16 or ElementType.UInt16 or ElementType.Int32 or ElementType.UInt32
            or ElementType.Int64 or ElementType.UInt64 or ElementType.Float or ElementType.Double,
        ElementType.Bool => wide is ElementType.UInt8 or ElementType.Int8 or ElementType.Int32 or ElementType.Int64 or ElementType.Float or ElementType.Double,
        _ => false,
    };
}
