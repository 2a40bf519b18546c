using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Makes an input uint8, with a Cast to its floating-point type in front, so that callers hand over pixels as they are.</summary>
/// <param name="input">The input's name; null takes the only floating-point input of three axes or more.</param>
public sealed class TakeUInt8Input(string? input = null) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "take uint8 pixels";

    /// <summary>Changes the input.</summary>
    /// <param name="model">The model.</param>
    /// <returns>1, or 0 where the named input is uint8 already.</returns>
    /// <exception cref="ModelFormatException">There is no such input, or it is given out as it is.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelInputs.CheckCanCast(model);
        Value raw = ModelInputs.Find(model, input);
        if (raw.Type is not TensorType type || !type.Element.IsFloat())
        {
            return 0;
        }
        if (raw.IsGraphOutput)
        {
            throw new ModelFormatException($"input '{raw.Name}': the graph gives it out as it is; its type cannot change");
        }
        OnnxGraph graph = model.Graph;
        Use[] readers = [.. raw.Uses];
        Node cast = graph.AddNode("Cast", [raw], [graph.FreshName(raw.Name + "_" + type.Element.Text())], graph.FreshName(raw.Name + "_cast"), graph.Nodes.First);
        cast.Attributes.Set("to", (long)type.Element);
        cast.Outputs[0]!.Type = type;
        foreach (Use use in readers)
        {
            use.Node.SetInput(use.Index, cast.Outputs[0]);
        }
        raw.Type = type with { Element = ElementType.UInt8 };
        return 1;
    }
}
