namespace Edge.Graph.Passes.Matching;

/// <summary>Moves nodes to float16, one by one in their order, with Casts where float32 and float16 meet.</summary>
internal sealed class Float16Rewriter(OnnxGraph graph, Dictionary<Value, OnnxTensor?> narrowed)
{
    private readonly Dictionary<Value, Value> _halves = [];

    internal void Convert(Node node)
    {
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            if (node.Inputs[index] is { ElementType: ElementType.Float } input && !ConvertToFloat16.StaysFloat32(node, index))
            {
                node.SetInput(index, Half(input, node));
            }
        }
        if (node.Is("Cast") && node.Attributes.GetInt("to", 0) == (long)ElementType.Float)
        {
            node.Attributes.Set("to", (long)ElementType.Float16);
        }
        foreach (Value? output in node.Outputs)
        {
            if (output is { ElementType: ElementType.Float })
            {
                WidenFor(output, node);
            }
        }
    }

    // The value in float16: a constant rounded, or a Cast before the first node that asks.
    private Value Half(Value value, Node reader)
    {
        if (_halves.TryGetValue(value, out Value? half))
        {
            return half;
        }
        if (narrowed.GetValueOrDefault(value) is { } tensor)
        {
            half = graph.AddConstant(value.Name + "_float16", tensor);
        }
        else
        {
            half = Cast(value, ElementType.Float16, reader);
        }
        return _halves[value] = half;
    }

    // Readers keep float32 behind a Cast until they are converted themselves and take the float16 value; dead Casts fall away.
    private void WidenFor(Value output, Node node)
    {
        Use[] readers = [.. output.Uses];
        bool isOutput = output.IsGraphOutput;
        OnnxType? type = output.Type;
        if (readers.Length == 0 && !isOutput)
        {
            output.Type = WithElement(type, ElementType.Float16);
            return;
        }
        output.Type = WithElement(type, ElementType.Float16);
        Value wide = Cast(output, ElementType.Float, node.Next);
        wide.Type = type;
        foreach (Use use in readers)
        {
            use.Node.SetInput(use.Index, wide);
        }
        if (isOutput)
        {
            output.GiveOutputTo(wide);
        }
        _halves[wide] = output;
    }

    private Value Cast(Value value, ElementType element, Node? before)
    {
        string suffix = element == ElementType.Float16 ? "_float16" : "_float32";
        Node cast = graph.AddNode("Cast", [value], [graph.FreshName(value.Name + suffix)], graph.FreshName(value.Name + suffix + "_cast"), before);
        cast.Attributes.Set("to", (long)element);
        cast.Outputs[0]!.Type = WithElement(value.Type, element);
        return cast.Outputs[0]!;
    }

    private static OnnxType? WithElement(OnnxType? type, ElementType element) => type is TensorType tensor ? tensor with { Element = element } : type;
}
