namespace Edge.Graph.Inference.Rules;

/// <summary>Operators that work element by element.</summary>
internal static class ElementwiseRules
{
    /// <summary>Operators whose first output has the shape of the first input.</summary>
    internal static void Same(NodeInference node) => node.Set(0, node.Shape(0));

    /// <summary>Operators whose outputs all have the shape of the first input.</summary>
    internal static void SameForAll(NodeInference node)
    {
        for (int output = 0; output < node.OutputCount; output++)
        {
            node.Set(output, node.Shape(0));
        }
    }

    internal static void Identity(NodeInference node)
    {
        node.Set(0, node.Type(0));
        Keep(node, node.Content(0));
    }

    /// <summary>Operators that stretch their inputs to a common shape; before opset 7 only the second was stretched.</summary>
    internal static void Broadcast(NodeInference node) => node.Set(0, node.Version < 7 && node.Node.Domain.Length == 0 ? node.Shape(0) : Shapes.BroadcastInputs(node));

    internal static void Add(NodeInference node) => Arithmetic(node, (_, a, b) => Quantity.Add(a, b));

    internal static void Subtract(NodeInference node) => Arithmetic(node, (_, a, b) => Quantity.Subtract(a, b));

    internal static void Multiply(NodeInference node) => Arithmetic(node, (type, a, b) =>
        type == ElementType.Float && a.Real is { } x && b.Real is { } y ? Quantity.Of((double)((float)x * (float)y)) : Quantity.Multiply(a, b));

    internal static void Divide(NodeInference node) => Arithmetic(node, (type, a, b) =>
        type == ElementType.Float && a.Real is { } x && b.Real is { } y ? Quantity.Of((double)((float)x / (float)y)) : Quantity.Divide(a, b, type.IsFloat()));

    internal static void Modulo(NodeInference node)
    {
        bool truncated = node.Int("fmod", 0) != 0;
        Arithmetic(node, (_, a, b) => Quantity.Modulo(a, b, truncated));
    }

    internal static void Minimum(NodeInference node) => Fold(node, Quantity.Min);

    internal static void Maximum(NodeInference node) => Fold(node, Quantity.Max);

    internal static void Sum(NodeInference node) => Fold(node, Quantity.Add);

    internal static void Equal(NodeInference node) => Compare(node, order => order == 0);

    internal static void Less(NodeInference node) => Compare(node, order => order < 0);

    internal static void LessOrEqual(NodeInference node) => Compare(node, order => order <= 0);

    internal static void Greater(NodeInference node) => Compare(node, order => order > 0);

    internal static void GreaterOrEqual(NodeInference node) => Compare(node, order => order >= 0);

    internal static void And(NodeInference node) => Logic(node, (a, b) => a == 0 || b == 0 ? 0 : a == 1 && b == 1 ? 1 : null);

    internal static void Or(NodeInference node) => Logic(node, (a, b) => a == 1 || b == 1 ? 1 : a == 0 && b == 0 ? 0 : null);

    internal static void Xor(NodeInference node) => Logic(node, (a, b) => a is null || b is null ? null : a ^ b);

    internal static void Not(NodeInference node) => Unary(node, value => value.Constant is { } bit ? Quantity.Of(bit == 0) : default);

    internal static void Negate(NodeInference node) => Unary(node, value => value.Negate());

    internal static void Absolute(NodeInference node) => Unary(node, value => Quantity.Max(value, value.Negate()));

    internal static void Floor(NodeInference node) => Unary(node, value => value.Floor());

    internal static void Ceiling(NodeInference node) => Unary(node, value => value.Ceiling());

    internal static void Round(NodeInference node) => Unary(node, value => value.Round());

    internal static void Where(NodeInference node)
    {
        node.Set(0, Shapes.BroadcastInputs(node));
        if (node.Content(0) is { } condition && node.Content(1) is { } yes && node.Content(2) is { } no
            && Contents.Zip(yes, no, yes.Type, (a, b) => a == b ? a : default) is { } both
            && Contents.Stretch(yes, both.Dims) is { } chosen && Contents.Stretch(no, both.Dims) is { } other
            && Contents.Stretch(condition, both.Dims) is { } mask && mask.Elements.Length == both.Elements.Length)
        {
            var elements = new Quantity[mask.Elements.Length];
            for (int index = 0; index < elements.Length; index++)
            {
                elements[index] = mask.Elements[index].Constant is { } bit ? bit != 0 ? chosen.Elements[index] : other.Elements[index] : both.Elements[index];
            }
            node.Set(0, new TensorContent(yes.Type, both.Dims, elements));
        }
    }

    internal static void Clip(NodeInference node)
    {
        node.Set(0, node.Shape(0));
        if (node.Version >= 11 && node.Content(0) is { IsFloat: false } content)
        {
            Quantity? low = node.Has(1) ? Single(node.Content(1)) : null;
            Quantity? high = node.Has(2) ? Single(node.Content(2)) : null;
            node.Set(0, Contents.Map(content, content.Type, value =>
            {
                Quantity raised = low is { } least ? Quantity.Max(value, least) : value;
                return high is { } most ? Quantity.Min(raised, most) : raised;
            }));
        }
    }

    internal static void Cast(NodeInference node) => CastTo(node, node.Int("to", 0));

    internal static void CastLike(NodeInference node) => CastTo(node, (long)(node.Element(1) ?? ElementType.Undefined));

    internal static void BitCast(NodeInference node) => node.Set(0, node.Shape(0), CreationRules.Type(node, "to"));

    /// <summary>Keeps elements that are only passed on.</summary>
    internal static void Keep(NodeInference node, TensorContent? content)
    {
        if (content is not null)
        {
            node.Set(0, content);
        }
    }

    private static void CastTo(NodeInference node, long to)
    {
        ElementType? type = to is > 0 and < 256 && Enum.IsDefined((ElementType)to) ? (ElementType)to : null;
        node.Set(0, node.Shape(0), type);
        if (type is { } target && TensorContent.Covers(target) && node.Content(0) is { } content)
        {
            node.Set(0, Contents.Map(content, target, value => target switch
            {
                ElementType.Bool => Quantity.Compare(value, Quantity.Of(0L)) is { } order ? Quantity.Of(order != 0) : default,
                ElementType.Int32 or ElementType.Int64 => value.Truncate(),
                _ => value,
            }));
        }
    }

    private static Quantity Single(TensorContent? content) => content is { Elements: [var only] } ? only : default;

    private static void Unary(NodeInference node, Func<Quantity, Quantity> operation)
    {
        node.Set(0, node.Shape(0));
        if (node.Content(0) is { } content)
        {
            node.Set(0, Contents.Map(content, content.Type, operation));
        }
    }

    private static void Arithmetic(NodeInference node, Func<ElementType, Quantity, Quantity, Quantity> operation)
    {
        Broadcast(node);
        if (node.Content(0) is { Type: not ElementType.Bool } a && node.Content(1) is { } b && b.Type == a.Type)
        {
            Keep(node, Contents.Zip(a, b, a.Type, (x, y) => operation(a.Type, x, y)));
        }
    }

    private static void Fold(NodeInference node, Func<Quantity, Quantity, Quantity> operation)
    {
        Broadcast(node);
        TensorContent? result = node.Content(0);
        for (int input = 1; input < node.InputCount && result is not null; input++)
        {
            result = node.Content(input) is { } next && next.Type == result.Type ? Contents.Zip(result, next, result.Type, operation) : null;
        }
        Keep(node, result);
    }

    private static void Compare(NodeInference node, Func<int, bool> holds)
    {
        Broadcast(node);
        if (node.Content(0) is { } a && node.Content(1) is { } b)
        {
            Keep(node, Contents.Zip(a, b, ElementType.Bool, (x, y) => Quantity.Compare(x, y) is { } order ? Quantity.Of(holds(order)) : default));
        }
    }

    private static void Logic(NodeInference node, Func<long?, long?, long?> operation)
    {
        Broadcast(node);
        if (node.Content(0) is { } a && node.Content(1) is { } b)
        {
            Keep(node, Contents.Zip(a, b, ElementType.Bool, (x, y) => operation(x.Constant, y.Constant) is { } bit ? Quantity.Of(bit) : default));
        }
    }
}
