namespace Edge.Graph.Inference.Rules;

/// <summary>Products of matrices.</summary>
internal static class MatrixRules
{
    internal static void MatMul(NodeInference node) => node.Set(0, Product(node, node.Shape(0), node.Shape(1)));

    internal static void QuantizedMatMul(NodeInference node) => node.Set(0, Product(node, node.Shape(0), node.Shape(3)));

    internal static void Gemm(NodeInference node)
    {
        if (node.Shape(0) is not { Length: 2 } a || node.Shape(1) is not { Length: 2 } b)
        {
            return;
        }
        bool transA = node.Int("transA", 0) != 0;
        bool transB = node.Int("transB", 0) != 0;
        if (a[transA ? 0 : 1]?.Constant is { } inner && b[transB ? 1 : 0]?.Constant is { } other && inner != other)
        {
            node.Unknown($"{Shapes.Text(a)} and {Shapes.Text(b)} do not fit together");
            return;
        }
        node.Set(0, [a[transA ? 1 : 0], b[transB ? 0 : 1]]);
    }

    internal static void Determinant(NodeInference node)
    {
        if (node.Shape(0) is { Length: >= 2 } shape)
        {
            node.Set(0, shape[..^2]);
        }
    }

    internal static void Einsum(NodeInference node)
    {
        string equation = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal);
        string[] sides = equation.Split("->");
        string[] terms = sides[0].Split(',');
        if (terms.Length != node.InputCount || sides.Length > 2)
        {
            node.Unknown($"its equation '{equation}' does not fit {node.InputCount} inputs");
            return;
        }
        var sizes = new Dictionary<char, SizeExpression?>();
        SizeExpression?[] dots = [];
        for (int input = 0; input < terms.Length; input++)
        {
            if (node.Shape(input) is not { } shape)
            {
                return;
            }
            if (ReadTerm(node, terms[input], shape, sizes) is not { } batch || Shapes.Broadcast(node, dots, batch) is not { } joined)
            {
                node.Unknown($"its equation '{equation}' does not fit {Shapes.Text(shape)}");
                return;
            }
            dots = joined;
        }
        string result = sides.Length == 2 ? sides[1] : Implicit(sides[0]);
        var output = new List<SizeExpression?>();
        for (int index = 0; index < result.Length; index++)
        {
            if (result[index] == '.')
            {
                output.AddRange(dots);
                index += 2;
            }
            else if (sizes.TryGetValue(result[index], out SizeExpression? size))
            {
                output.Add(size);
            }
            else
            {
                node.Unknown($"its equation '{equation}' makes an axis '{result[index]}' of nothing");
                return;
            }
        }
        node.Set(0, [.. output]);
    }

    // Notes the sizes of the letters; the axes that the dots stand for.
    private static SizeExpression?[]? ReadTerm(NodeInference node, string term, SizeExpression?[] shape, Dictionary<char, SizeExpression?> sizes)
    {
        int dots = term.IndexOf("...", StringComparison.Ordinal);
        string letters = dots < 0 ? term : term.Remove(dots, 3);
        int batch = shape.Length - letters.Length;
        if (batch < 0 || (batch > 0 && dots < 0) || letters.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }
        for (int index = 0; index < letters.Length; index++)
        {
            SizeExpression? size = shape[dots >= 0 && index >= dots ? index + batch : index];
            if (!sizes.TryGetValue(letters[index], out SizeExpression? known) || known is null || known.IsOne || size is { IsConstant: true, IsOne: false })
            {
                sizes[letters[index]] = size;
            }
        }
        return dots < 0 ? [] : shape[dots..(dots + batch)];
    }

    // Without an arrow: letters that occur once, in the order of the alphabet, behind the dots.
    private static string Implicit(string terms)
    {
        IEnumerable<char> once = terms.Where(char.IsLetter).GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).Order();
        return (terms.Contains("...", StringComparison.Ordinal) ? "..." : "") + string.Concat(once);
    }

    private static SizeExpression?[]? Product(NodeInference node, SizeExpression?[]? a, SizeExpression?[]? b)
    {
        if (a is null or [] || b is null or [])
        {
            return null;
        }
        if (a[^1]?.Constant is { } inner && b[b.Length == 1 ? 0 : b.Length - 2]?.Constant is { } other && inner != other)
        {
            node.Unknown($"{Shapes.Text(a)} and {Shapes.Text(b)} do not fit together");
            return null;
        }
        SizeExpression?[] left = a.Length == 1 ? [] : a[..^2];
        SizeExpression?[] right = b.Length == 1 ? [] : b[..^2];
        if (Shapes.Broadcast(node, left, right) is not { } batch)
        {
            return null;
        }
        return [.. batch, .. a.Length == 1 ? Array.Empty<SizeExpression?>() : [a[^2]], .. b.Length == 1 ? Array.Empty<SizeExpression?>() : [b[^1]]];
    }
}
