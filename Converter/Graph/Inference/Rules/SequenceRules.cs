namespace Edge.Graph.Inference.Rules;

/// <summary>Sequences of tensors, and values that may be absent.</summary>
internal static class SequenceRules
{
    internal static void Construct(NodeInference node)
    {
        OnnxType? item = node.Type(0);
        for (int input = 1; input < node.InputCount; input++)
        {
            item = TypeMerger.Common(item, node.Type(input));
        }
        node.Set(0, item is null ? null : new SequenceType(item));
    }

    internal static void Empty(NodeInference node) =>
        node.Set(0, new SequenceType(new TensorType(CreationRules.Type(node, "dtype") ?? ElementType.Float, null)));

    internal static void At(NodeInference node) => node.Set(0, (node.Type(0) as SequenceType)?.Item);

    internal static void Insert(NodeInference node) =>
        node.Set(0, node.Type(0) is SequenceType sequence && TypeMerger.Common(sequence.Item, node.Type(1)) is { } item ? new SequenceType(item) : node.Type(0));

    internal static void Erase(NodeInference node) => node.Set(0, node.Type(0));

    internal static void Length(NodeInference node) => node.Set(0, [], ElementType.Int64);

    internal static void Split(NodeInference node)
    {
        if (node.Element(0) is not { } element)
        {
            return;
        }
        if (node.Shape(0) is not { } shape || node.Axis("axis", 0, shape.Length) is not { } axis)
        {
            node.Set(0, new SequenceType(new TensorType(element, null)));
            return;
        }
        SizeExpression?[] item;
        if (!node.Has(1) && node.Int("keepdims", 1) == 0)
        {
            item = [.. shape[..axis], .. shape[(axis + 1)..]];
        }
        else
        {
            item = (SizeExpression?[])shape.Clone();
            item[axis] = node.Has(1) ? Chunk(node, shape[axis]) : SizeExpression.One;
        }
        node.Set(0, new SequenceType(new TensorType(element, InferenceEngine.ToShape(item))));
    }

    internal static void Concat(NodeInference node)
    {
        if (node.Type(0) is not SequenceType { Item: TensorType item })
        {
            return;
        }
        bool isNew = node.Int("new_axis", 0) != 0;
        if (item.Shape is null || node.Axis("axis", 0, item.Shape.Rank + (isNew ? 1 : 0)) is not { } axis)
        {
            node.Set(0, (SizeExpression?[]?)null, item.Element);
            return;
        }
        SizeExpression?[] shape = node.Engine.Sizes(item.Shape);
        SizeExpression? length = node.Fresh(0, axis, isNew ? "how many tensors the sequence holds" : "how long the sequence's tensors are together");
        node.Set(0, isNew ? [.. shape[..axis], length, .. shape[axis..]] : [.. shape[..axis], length, .. shape[(axis + 1)..]], item.Element);
    }

    internal static void Optional(NodeInference node)
    {
        OnnxType? item = node.Has(0) ? node.Type(0) : node.Attribute("type")?.Content as OnnxType;
        node.Set(0, item is null ? null : new OptionalType(item));
    }

    internal static void OptionalElement(NodeInference node) => node.Set(0, node.Type(0) is OptionalType optional ? optional.Item : node.Type(0));

    internal static void OptionalHas(NodeInference node) => node.Set(0, [], ElementType.Bool);

    internal static void Map(NodeInference node)
    {
        if (node.Graph("body") is not { } body)
        {
            return;
        }
        var inputs = new OnnxType?[node.InputCount];
        for (int input = 0; input < inputs.Length; input++)
        {
            inputs[input] = node.Type(input) is SequenceType sequence ? sequence.Item : node.Type(input);
        }
        OnnxType?[] outputs = node.Run(body, inputs, repeats: true);
        for (int output = 0; output < outputs.Length; output++)
        {
            node.Set(output, outputs[output] is { } item ? new SequenceType(item) : null);
        }
    }

    // The sizes that all parts share: a scalar length that divides the axis, or a list of equal lengths.
    private static SizeExpression? Chunk(NodeInference node, SizeExpression? size)
    {
        if (node.Constants(1) is not { Length: > 0 } lengths || lengths.Any(length => length != lengths[0]))
        {
            return null;
        }
        return node.Shape(1) is [] && (size?.Constant is not { } total || lengths[0] <= 0 || total % lengths[0] != 0) ? null : SizeExpression.Of(lengths[0]);
    }
}
