using Edge.Graph.Inference;
using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Turns an input of <c>[N,H,W,C]</c> into one of <c>[N,C,H,W]</c>. The Transpose that this needs moves behind what works
/// on each element alone, and vanishes where it meets the one that the exporter put before the first Conv.
/// </summary>
/// <param name="input">The input's name; null takes the only floating-point input of three axes or more.</param>
public sealed class NhwcInputToNchw(string? input = null) : IGraphPass
{
    private static readonly long[] ToChannelsLast = [0, 2, 3, 1];

    /// <inheritdoc/>
    public string Name => "take the input as NCHW";

    /// <summary>Changes the input.</summary>
    /// <param name="model">The model.</param>
    /// <returns>1.</returns>
    /// <exception cref="ModelFormatException">There is no such input, it has not four axes, or it is given out as it is.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ShapeInference.Run(model);
        Value value = ModelInputs.Find(model, input);
        if (value.Type is not TensorType { Shape: { Rank: 4 } shape } type || value.IsGraphOutput)
        {
            throw new ModelFormatException($"input '{value.Name}' is {value.Type}; only one of four axes that is not given out can change its layout");
        }
        OnnxGraph graph = model.Graph;
        Use[] readers = [.. value.Uses];
        Node transpose = graph.AddNode("Transpose", [value], [graph.FreshName(value.Name + "_nhwc")], graph.FreshName(value.Name + "_to_nhwc"), graph.Nodes.First);
        transpose.Attributes.Set("perm", ToChannelsLast);
        transpose.Outputs[0]!.Type = type;
        foreach (Use use in readers)
        {
            use.Node.SetInput(use.Index, transpose.Outputs[0]);
        }
        value.Type = type with { Shape = TensorShape.Of(shape[0], shape[3], shape[1], shape[2]) };
        var sinker = new TransposeSinker(model.Opset);
        while (sinker.TrySink(transpose) is { } moved)
        {
            transpose = moved;
        }
        var simplify = new SimplifyTranspose();
        while (simplify.Run(model) > 0)
        {
        }
        new RemoveDeadCode().Run(model);
        return 1;
    }
}
