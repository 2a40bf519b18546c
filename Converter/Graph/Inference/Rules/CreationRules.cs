using System.Runtime.InteropServices;

namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that make tensors out of attributes and sizes.</summary>
internal static class CreationRules
{
    internal static void Constant(NodeInference node)
    {
        if (node.Tensor("value") is { } tensor)
        {
            node.Set(0, Shapes.Of(tensor.Dims), tensor.Type);
            ElementwiseRules.Keep(node, TensorContent.Of(tensor));
        }
        else if (node.HasAttribute("value_int"))
        {
            node.Set(0, new TensorContent(ElementType.Int64, [], [Quantity.Of(node.Int("value_int", 0))]));
        }
        else if (node.HasAttribute("value_float"))
        {
            node.Set(0, new TensorContent(ElementType.Float, [], [Quantity.Of((double)node.Float("value_float", 0))]));
        }
        else if (node.Ints("value_ints") is { } ints)
        {
            node.Set(0, Shapes.Of(ints.Length), ElementType.Int64);
            ElementwiseRules.Keep(node, TensorContent.Of(new OnnxTensor(ElementType.Int64, [ints.Length], MemoryMarshal.AsBytes(ints.AsSpan()).ToArray())));
        }
        else if (node.Floats("value_floats") is { } floats)
        {
            node.Set(0, Shapes.Of(floats.Length), ElementType.Float);
            ElementwiseRules.Keep(node, TensorContent.Of(new OnnxTensor(ElementType.Float, [floats.Length], MemoryMarshal.AsBytes(floats.AsSpan()).ToArray())));
        }
        else if (node.HasAttribute("value_string"))
        {
            node.Set(0, [], ElementType.String);
        }
        else if (node.Attribute("value_strings")?.Content is byte[][] strings)
        {
            node.Set(0, Shapes.Of(strings.Length), ElementType.String);
        }
        else if (node.Attribute("sparse_value")?.Content is OnnxSparseTensor sparse)
        {
            node.Set(0, Shapes.Of(sparse.Dims), sparse.Values.Type);
        }
        else
        {
            node.Unknown("none of its attributes gives a value");
        }
    }

    internal static void ConstantOfShape(NodeInference node)
    {
        OnnxTensor? fill = node.Tensor("value");
        ElementType type = fill?.Type ?? ElementType.Float;
        SizeExpression?[]? shape = node.Expressions(0) ?? UnknownSizes(node, 0);
        node.Set(0, shape, type);
        if (shape is not null && Shapes.Constants(shape) is { } dims && Shapes.Count(dims) is { } count && TensorContent.Covers(type))
        {
            Quantity element = fill is null ? Quantity.Of(0L) : TensorContent.Of(fill) is { Elements: [var only, ..] } ? only : default;
            var elements = new Quantity[count];
            Array.Fill(elements, element);
            node.Set(0, new TensorContent(type, dims, elements));
        }
    }

    internal static void Range(NodeInference node)
    {
        Quantity start = Scalar(node, 0);
        Quantity limit = Scalar(node, 1);
        Quantity delta = Scalar(node, 2);
        if (Quantity.Subtract(limit, start) is not { Numerator: { } span } distance || delta.Numerator?.Constant is not { } step || step == 0)
        {
            node.Set(0, [node.Fresh(0, 0, "how many numbers lie between its limits")]);
            return;
        }
        // (span / d1) / (step / d2) = span * d2 / (step * d1), rounded up.
        SizeExpression? count = SizeExpression.CeilDivide(
            SizeExpression.Multiply(span, SizeExpression.Of(Math.Sign(step) * delta.Denominator)),
            SizeExpression.Multiply(SizeExpression.Of(Math.Abs(step)), SizeExpression.Of(distance.Denominator)));
        count = SizeExpression.Max(count, SizeExpression.Zero);
        node.Set(0, [count]);
        if (count?.Constant is { } number and <= TensorContent.MostElements && node.Element(0) is ElementType.Int64 or ElementType.Int32 && start.Whole is { } first)
        {
            var elements = new Quantity[number];
            for (int index = 0; index < elements.Length; index++)
            {
                elements[index] = Quantity.Of(SizeExpression.Add(first, SizeExpression.Multiply(SizeExpression.Of(index), SizeExpression.Of(step))));
            }
            node.Set(0, new TensorContent(node.Element(0)!.Value, [number], elements));
        }
    }

    internal static void EyeLike(NodeInference node) => node.Set(0, node.Shape(0), Type(node, "dtype") ?? node.Element(0));

    internal static void Random(NodeInference node)
    {
        if (node.Ints("shape") is { } shape)
        {
            node.Set(0, Shapes.Of(shape), Type(node, "dtype") ?? ElementType.Float);
        }
    }

    internal static void RandomLike(NodeInference node) => node.Set(0, node.Shape(0), Type(node, "dtype") ?? node.Element(0));

    internal static void Multinomial(NodeInference node)
    {
        if (node.Shape(0) is { Length: 2 } shape)
        {
            node.Set(0, [shape[0], SizeExpression.Of(node.Int("sample_size", 1))], Type(node, "dtype") ?? ElementType.Int32);
        }
    }

    internal static void Window(NodeInference node) =>
        node.Set(0, [Scalar(node, 0).Whole ?? node.Fresh(0, 0, "the window's size")], Type(node, "output_datatype") ?? ElementType.Float);

    internal static void MelWeightMatrix(NodeInference node)
    {
        SizeExpression? bins = SizeExpression.Add(SizeExpression.FloorDivide(Scalar(node, 1).Whole, SizeExpression.Of(2)), SizeExpression.One);
        node.Unknown("its sizes are computed from data");
        node.Set(0, [bins, Scalar(node, 0).Whole], Type(node, "output_datatype") ?? ElementType.Float);
    }

    /// <summary>The only element of an input.</summary>
    internal static Quantity Scalar(NodeInference node, int input) => node.Content(input) is { Elements: [var only] } ? only : default;

    /// <summary>An attribute that names an element type.</summary>
    internal static ElementType? Type(NodeInference node, string attribute) =>
        node.Int(attribute, 0) is var number && number != 0 && Enum.IsDefined((ElementType)(int)Math.Clamp(number, 0, 255)) ? (ElementType)number : null;

    /// <summary>As many unknown sizes as an input that holds a shape has elements.</summary>
    internal static SizeExpression?[]? UnknownSizes(NodeInference node, int input)
    {
        if (node.Shape(input) is [{ Constant: { } rank and >= 0 and <= InferenceEngine.MostAxes }])
        {
            node.Unknown($"its shape is computed from data: '{node.Node.Input(input)!.Name}'");
            return new SizeExpression?[rank];
        }
        node.Unknown($"its shape is computed from data: '{node.Node.Input(input)?.Name}'");
        return null;
    }
}
