using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>How nodes are brought over the versions that changed them; see the changelog of the ONNX operators.</summary>
internal static class OpsetAdapters
{
    /// <summary>A list of whole numbers moves from an attribute to an input.</summary>
    internal static Node IntsToInput(Node node, string attribute, int index)
    {
        if (node.Attributes.GetInts(attribute, null) is { } numbers)
        {
            node.SetInput(index, node.Graph.AddConstant(Stem(node, attribute), OnnxTensor.From<long>(numbers, numbers.Length)));
        }
        node.Attributes.Remove(attribute);
        return node;
    }

    internal static Node AxesToInput(Node node) => IntsToInput(node, "axes", 1);

    internal static Node FloatToInput(Node node, string attribute, int index)
    {
        if (node.Attributes.Contains(attribute))
        {
            node.SetInput(index, node.Graph.AddConstant(Stem(node, attribute), OnnxTensor.Scalar(node.Attributes.GetFloat(attribute, 0))));
            node.Attributes.Remove(attribute);
        }
        return node;
    }

    internal static Node FloatsToInput(Node node, string attribute, int index)
    {
        if (node.Attributes.GetFloats(attribute, null) is { } numbers)
        {
            node.SetInput(index, node.Graph.AddConstant(Stem(node, attribute), OnnxTensor.From<float>(numbers, numbers.Length)));
        }
        node.Attributes.Remove(attribute);
        return node;
    }

    /// <summary>The same node under another operator's name.</summary>
    internal static Node Rename(Node node, string opType)
    {
        Node made = Edits.Substitute(node, opType, [.. node.Inputs]);
        Edits.CopyAttributes(node, made);
        return made;
    }

    internal static Node DropSpatial(Node node)
    {
        node.Attributes.Remove("spatial");
        return node;
    }

    internal static Node KeepFirstOutput(Node node) => node.Outputs.Count == 1 ? node : Rename(node, node.OpType);

    internal static string? RefuseFurtherOutputs(Node node) => node.OnlyFirstOutputIsRead() ? null : "its further outputs are read, and changed their meaning";

    internal static Node ClipLimits(Node node)
    {
        ElementType element = node.Inputs[0]!.ElementType!.Value;
        Value? Limit(string name) => node.Attributes.Contains(name)
            ? node.Graph.AddConstant(Stem(node, name), Numbers.Scalar(element, node.Attributes.GetFloat(name, 0))!)
            : null;
        (Value? low, Value? high) = (Limit("min"), Limit("max"));
        if (low is not null || high is not null)
        {
            node.SetInput(1, low);
        }
        if (high is not null)
        {
            node.SetInput(2, high);
        }
        node.Attributes.Remove("min");
        node.Attributes.Remove("max");
        return node;
    }

    internal static string? RefuseUnknownType(Node node) =>
        node.Input(0)?.ElementType is ElementType.Float or ElementType.Double or ElementType.Float16 ? null : "the type of its input is not known";

    internal static Node PadInputs(Node node)
    {
        float value = node.Attributes.GetFloat("value", 0);
        IntsToInput(node, "pads", 1);
        if (value != 0)
        {
            node.SetInput(2, node.Graph.AddConstant(Stem(node, "value"), Numbers.Scalar(node.Inputs[0]!.ElementType!.Value, value)!));
        }
        node.Attributes.Remove("value");
        return node;
    }

    internal static Node SliceInputs(Node node)
    {
        IntsToInput(node, "starts", 1);
        IntsToInput(node, "ends", 2);
        return node.Attributes.Contains("axes") ? IntsToInput(node, "axes", 3) : node;
    }

    internal static Node TopKCount(Node node)
    {
        long count = node.Attributes.GetInt("k", 1);
        node.SetInput(1, node.Graph.AddConstant(Stem(node, "k"), OnnxTensor.From<long>([count], 1)));
        node.Attributes.Remove("k");
        return node;
    }

    internal static Node SplitCount(Node node)
    {
        if (node.Input(1) is null)
        {
            node.Attributes.Set("num_outputs", node.Outputs.Count);
        }
        return node;
    }

    internal static Node RoiAlignCoordinates(Node node)
    {
        if (!node.Attributes.Contains("coordinate_transformation_mode"))
        {
            node.Attributes.Set("coordinate_transformation_mode", "output_half_pixel");
        }
        return node;
    }

    internal static Node GridSampleModes(Node node)
    {
        string mode = node.Attributes.GetString("mode", "bilinear");
        node.Attributes.Set("mode", mode switch { "bilinear" => "linear", "bicubic" => "cubic", _ => mode });
        return node;
    }

    /// <summary>Resize 10 scales without an offset; between two pixels it takes the one before, or the one behind where it shrinks.</summary>
    internal static Node ResizeModes(Node node)
    {
        Value? scales = node.Input(1);
        bool shrinks = Scales(node) is { } numbers && Array.Exists(numbers, number => number < 1);
        node.SetInput(1, node.Graph.AddConstant(Stem(node, "roi"), OnnxTensor.From<float>([], 0)));
        node.SetInput(2, scales);
        node.Attributes.Set("coordinate_transformation_mode", "asymmetric");
        node.Attributes.Set("nearest_mode", shrinks ? "ceil" : "floor");
        return node;
    }

    internal static string? RefuseMixedScales(Node node)
    {
        if (node.Attributes.GetString("mode", "nearest") != "nearest")
        {
            return null;
        }
        if (Scales(node) is not { } scales)
        {
            return "how it rounds depends on scales that are not constant";
        }
        return Array.Exists(scales, scale => scale < 1) && Array.Exists(scales, scale => scale > 1) ? "it shrinks one axis and stretches another" : null;
    }

    internal static string? RefuseHalfPixelForNearest(Node node) =>
        node.Attributes.GetString("coordinate_transformation_mode", "half_pixel") == "tf_half_pixel_for_nn" ? "its tf_half_pixel_for_nn ended with opset 13" : null;

    /// <summary>
    /// Softmax before opset 13 is over all axes from one on. Where only one of those is longer than 1, that is the axis;
    /// elsewhere the tensor is flattened for it.
    /// </summary>
    internal static Node FlattenAround(Node node)
    {
        long axis = node.Attributes.GetInt("axis", 1);
        if (node.Inputs[0]!.Shape is { } shape && OnlyAxis(shape, axis) is { } only)
        {
            node.Attributes.Set("axis", only);
            return node;
        }
        OnnxGraph graph = node.Graph;
        Value input = node.Inputs[0]!;
        string stem = node.Outputs[0]!.Name;
        Value AddBefore(string opType, string suffix, params Value?[] inputs) => graph.AddNode(opType, inputs, [graph.FreshName(stem + suffix)], before: node).Outputs[0]!;
        Value size = AddBefore("Shape", "_shape", input);
        Value flat = AddBefore("Flatten", "_flat", input);
        flat.Producer!.Attributes.Set("axis", axis);
        Value result = AddBefore(node.OpType, "_rows", flat);
        result.Producer!.Attributes.Set("axis", -1L);
        return Edits.Substitute(node, "Reshape", result, size);
    }

    private static long? OnlyAxis(TensorShape shape, long axis)
    {
        long first = axis < 0 ? axis + shape.Rank : axis;
        int longer = 0;
        long only = first;
        for (long index = first; index < shape.Rank; index++)
        {
            if (shape[(int)index].Size != 1)
            {
                longer++;
                only = index;
            }
        }
        return first >= 0 && first < shape.Rank && longer <= 1 ? only : null;
    }

    private static float[]? Scales(Node node) =>
        node.Attributes.GetFloats("scales", null) ?? (node.Input(1) is { IsConstant: true, Constant: { Type: ElementType.Float } tensor } ? tensor.ToArray<float>() : null);

    private static string Stem(Node node, string what) => $"{node.Outputs[0]?.Name ?? node.OpType}_{what}";
}
