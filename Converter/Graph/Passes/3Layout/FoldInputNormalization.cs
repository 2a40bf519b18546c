using Edge.Graph.Inference;
using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Folds the normalisation of an input into the weights and bias of the layers that read it, so that the model takes raw
/// pixels: the Sub, Mul, Div and Add with constants that the graph begins with, and one that callers do outside.
/// </summary>
/// <remarks>
/// A Conv that pads reads zeros beyond the edge, after normalisation. For raw pixels it must read there the pixel that
/// normalises to zero: a Pad with that number is put before it. Where channels need different numbers, the fold is refused.
/// </remarks>
/// <param name="outside">A normalisation that callers do and that the model takes over; null folds only what the graph holds.</param>
/// <param name="input">The input's name; null takes the only floating-point input of three axes or more.</param>
public sealed class FoldInputNormalization(InputNormalization? outside = null, string? input = null) : IGraphPass
{
    /// <inheritdoc/>
    public string Name => "fold the input's normalisation into the first layer";

    /// <summary>Folds.</summary>
    /// <param name="model">The model.</param>
    /// <returns>How many layers took the normalisation on; 0 where there is none.</returns>
    /// <exception cref="ModelFormatException">It cannot be folded exactly; nothing was changed. The message names the node and the reason.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        outside?.Validate();
        ShapeInference.Run(model);
        Value raw = ModelInputs.Find(model, input);
        var leading = new LeadingArithmetic(raw);
        if (outside is null && leading.Nodes.Count == 0)
        {
            return 0;
        }
        LinearLayer[] layers = [.. Layers(raw, leading.Result)];
        long channels = layers[0].InputChannels;
        (double[] scale, double[] shift) = leading.Factors(channels, outside, raw.Name);
        double[] edges = new double[layers.Length];
        for (int index = 0; index < layers.Length; index++)
        {
            edges[index] = Edge(layers[index], channels, scale, shift);
        }
        for (int index = 0; index < layers.Length; index++)
        {
            Node node = layers[index].Node;
            if (layers[index].Pads && LinearLayer.Any(shift))
            {
                PadExplicitly(node, edges[index], model.Opset);
            }
            LinearLayer.Open(node)!.ScaleInput(scale, shift);
        }
        // A Pad that was put in between reads what the layer read.
        leading.Result.ReplaceAllUsesWith(raw);
        new RemoveDeadCode().Run(model);
        return layers.Length;
    }

    private static IEnumerable<LinearLayer> Layers(Value raw, Value normalized)
    {
        if (normalized.IsGraphOutput || normalized.Uses.Count == 0)
        {
            throw new ModelFormatException($"input '{raw.Name}': the graph gives it out or nothing reads it, so no layer can take its normalisation on; normalise outside the model");
        }
        foreach (Use use in normalized.Uses)
        {
            LinearLayer? layer = use.Index == 0 && ReferenceEquals(use.Node.Graph, raw.Graph) ? LinearLayer.Open(use.Node) : null;
            bool fits = layer is not null && layer.Node.OpType is "Conv" or "Gemm" && layer.Node.Attributes.GetInt("transA", 0) == 0;
            yield return fits ? layer! : throw new ModelFormatException(
                $"input '{raw.Name}': {use.Node.Describe()} reads it, which is no Conv or Gemm with constant weights; normalise outside the model");
        }
    }

    // The raw pixel that normalises to zero, which a Conv that pads must read beyond the edge.
    private static double Edge(LinearLayer layer, long channels, double[] scale, double[] shift)
    {
        if (layer.InputChannels != channels)
        {
            throw new ModelFormatException($"{layer.Node.Describe()}: takes {layer.InputChannels} channels, other readers of the input {channels}; normalise outside the model");
        }
        if (!layer.Pads || !LinearLayer.Any(shift))
        {
            return 0;
        }
        double edge = -shift[0] / scale[0];
        for (int channel = 1; channel < scale.Length; channel++)
        {
            if (!Match.AreNear(-shift[channel] / scale[channel], edge))
            {
                throw new ModelFormatException($"{layer.Node.Describe()}: pads, and its channels would need different numbers at the edge; normalise outside the model");
            }
        }
        if (layer.Node.Attributes.GetString("auto_pad", "NOTSET") is not ("NOTSET" or ""))
        {
            throw new ModelFormatException($"{layer.Node.Describe()}: pads by auto_pad, whose sizes are not stated; normalise outside the model");
        }
        return edge;
    }

    private static void PadExplicitly(Node conv, double edge, long opset)
    {
        OnnxGraph graph = conv.Graph;
        long[] present = conv.Attributes.GetInts("pads", []);
        int spatial = present.Length / 2;
        long[] pads = new long[2 * (spatial + 2)];
        present.AsSpan(0, spatial).CopyTo(pads.AsSpan(2));
        present.AsSpan(spatial).CopyTo(pads.AsSpan(spatial + 4));
        Value source = conv.Inputs[0]!;
        string stem = graph.FreshName(source.Name + "_padded");
        Node pad = graph.AddNode("Pad", [source], [stem], stem, conv);
        if (opset < 11)
        {
            pad.Attributes.Set("pads", pads);
            pad.Attributes.Set("value", (float)edge);
        }
        else
        {
            pad.SetInput(1, graph.AddConstant(stem + "_pads", OnnxTensor.From<long>(pads, pads.Length)));
            pad.SetInput(2, graph.AddConstant(stem + "_value", Numbers.Scalar(conv.Inputs[1]!.ElementType!.Value, edge)!));
        }
        conv.SetInput(0, pad.Outputs[0]);
        conv.Attributes.Set("pads", new long[present.Length]);
    }
}
