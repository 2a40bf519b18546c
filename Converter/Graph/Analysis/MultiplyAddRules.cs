using System.Collections.Frozen;

namespace Edge.Graph.Analysis;

/// <summary>How many products an operator adds up, from the shapes of what it reads and makes.</summary>
internal static class MultiplyAddRules
{
    // Fused and quantized forms count as what they are made of, in whatever domain.
    private static readonly FrozenDictionary<string, Func<Node, long?>> Rules = new Dictionary<string, Func<Node, long?>>
    {
        ["Conv"] = node => Convolution(node, 1),
        ["FusedConv"] = node => Convolution(node, 1),
        ["ConvInteger"] = node => Convolution(node, 1),
        ["DeformConv"] = node => Convolution(node, 1),
        ["QLinearConv"] = node => Convolution(node, 3),
        ["ConvTranspose"] = TransposedConvolution,
        ["Gemm"] = Gemm,
        ["FusedGemm"] = Gemm,
        ["MatMul"] = Product,
        ["MatMulInteger"] = Product,
        ["FusedMatMul"] = Product,
        ["QLinearMatMul"] = Product,
        ["LSTM"] = Recurrent,
        ["GRU"] = Recurrent,
        ["RNN"] = Recurrent,
        ["Einsum"] = Einsum,
        ["Attention"] = Attention,
        ["MultiHeadAttention"] = MultiHeadAttention,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Multiply-adds of one run of a node; 0 for operators without, null where a size is open.</summary>
    internal static long? Count(Node node) => Rules.TryGetValue(node.OpType, out Func<Node, long?>? rule) ? rule(node) : 0;

    // Each output element: the input channels of its group, times the kernel.
    private static long? Convolution(Node node, int weight) =>
        Sizes.Multiply(Elements(Made(node)), From(node.Input(weight)?.Shape, 1));

    // Each input element meets the output channels of its group, times the kernel.
    private static long? TransposedConvolution(Node node) =>
        Sizes.Multiply(Elements(node.Input(0)), From(node.Input(1)?.Shape, 1));

    private static long? Gemm(Node node)
    {
        TensorShape? a = node.Input(0)?.Shape;
        return a is { Rank: 2 } ? Sizes.Multiply(Elements(Made(node)), a[node.Attributes.GetInt("transA", 0) == 0 ? 1 : 0].Size) : null;
    }

    private static long? Product(Node node)
    {
        TensorShape? a = node.Input(0)?.Shape;
        if (a is not { Rank: > 0 })
        {
            return null;
        }
        bool isTransposed = node.Domain.Length > 0 && node.Attributes.GetInt("transA", 0) != 0 && a.Rank > 1;
        return Sizes.Multiply(Elements(Made(node)), a[a.Rank - (isTransposed ? 2 : 1)].Size);
    }

    // Every step of every sequence meets all weights of input and state, of both directions.
    private static long? Recurrent(Node node)
    {
        if (node.Input(0)?.Shape is not { Rank: 3 } x || Elements(node.Input(1)) is not { } input || Elements(node.Input(2)) is not { } state)
        {
            return null;
        }
        return Sizes.Multiply(Sizes.Multiply(x[0].Size, x[1].Size), Sizes.Add(input, state));
    }

    // Every combination of the labels of two factors is one product.
    private static long? Einsum(Node node)
    {
        string[] terms = node.Attributes.GetString("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->")[0].Split(',');
        if (terms.Length < 2)
        {
            return 0;
        }
        var sizes = new Dictionary<char, long?>();
        for (int index = 0; index < terms.Length; index++)
        {
            if (node.Input(index)?.Shape is not { } shape || shape.Rank != terms[index].Length)
            {
                return null;
            }
            for (int axis = 0; axis < shape.Rank; axis++)
            {
                long? known = sizes.GetValueOrDefault(terms[index][axis]);
                sizes[terms[index][axis]] = known is null or 1 ? shape[axis].Size : known;
            }
        }
        return sizes.Values.Aggregate((long?)(terms.Length - 1), Sizes.Multiply);
    }

    // ONNX's own takes queries, keys and values; Microsoft's takes one input with the weights that make them.
    private static long? Attention(Node node)
    {
        if (node.Domain.Length == 0)
        {
            return OnnxAttention(node);
        }
        if (node.Input(0)?.Shape is not { Rank: 3 } x || node.Input(1)?.Shape is not { Rank: 2 } weight)
        {
            return null;
        }
        long? rows = Sizes.Multiply(x[0].Size, x[1].Size);
        long? projection = Sizes.Multiply(rows, Sizes.Multiply(weight[0].Size, weight[1].Size));
        // A third each of the projected width is query, key and value.
        long? width = weight[1].Size / 3;
        long? scores = Sizes.Multiply(Sizes.Multiply(rows, x[1].Size), Sizes.Multiply(2, width));
        return projection is { } a && scores is { } b ? Sizes.Add(a, b) : null;
    }

    private static long? OnnxAttention(Node node)
    {
        if (node.Input(0)?.Shape is not { } q || node.Input(1)?.Shape is not { } k || node.Input(2)?.Shape is not { } v || q.Rank < 3 || k.Rank != q.Rank || v.Rank != q.Rank)
        {
            return null;
        }
        // With four axes heads stand apart; with three they share the last one. What came before joins the keys.
        long? before = node.Input(4) is { } past ? past.Shape is { Rank: 4 } shape ? shape[2].Size : null : 0;
        long? heads = q.Rank == 4 ? q[1].Size : node.Attributes.Contains("q_num_heads") ? node.Attributes.GetInt("q_num_heads", 1) : null;
        long? shared = q.Rank == 4 ? k[1].Size : node.Attributes.Contains("kv_num_heads") ? node.Attributes.GetInt("kv_num_heads", 1) : null;
        long? keys = k[k.Rank - 2].Size + before;
        long? queryWidth = q.Rank == 4 ? q[3].Size : q[2].Size / (heads is > 0 ? heads : null);
        long? valueWidth = v.Rank == 4 ? v[3].Size : v[2].Size / (shared is > 0 ? shared : null);
        long? pairs = Sizes.Multiply(Sizes.Multiply(q[0].Size, heads), Sizes.Multiply(q[q.Rank - 2].Size, keys));
        return Sizes.Multiply(pairs, queryWidth + valueWidth);
    }

    private static long? MultiHeadAttention(Node node)
    {
        if (node.Input(0)?.Shape is not { Rank: 3 } q || node.Input(1)?.Shape is not { Rank: 3 } k || (node.Input(2)?.Shape ?? k) is not { Rank: 3 } v)
        {
            return null;
        }
        return Sizes.Multiply(Sizes.Multiply(q[0].Size, q[1].Size), Sizes.Multiply(k[1].Size, q[2].Size + v[2].Size));
    }

    private static Value? Made(Node node) => node.Outputs is [{ } output, ..] ? output : null;

    private static long? Elements(Value? value) => Sizes.Product(value?.Shape);

    private static long? From(TensorShape? shape, int axis)
    {
        if (shape is null || shape.Rank <= axis)
        {
            return null;
        }
        long? product = 1;
        for (; axis < shape.Rank; axis++)
        {
            product = Sizes.Multiply(product, shape[axis].Size);
        }
        return product;
    }
}
