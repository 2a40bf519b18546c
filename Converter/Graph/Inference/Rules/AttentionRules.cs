namespace Edge.Graph.Inference.Rules;

/// <summary>Attention over queries, keys and values of three or four axes.</summary>
internal static class AttentionRules
{
    internal static void Attention(NodeInference node)
    {
        if (node.Shape(0) is not { } queries || node.Shape(1) is not { } keys || node.Shape(2) is not { } values
            || keys.Length != queries.Length || values.Length != queries.Length || queries.Length is not (3 or 4))
        {
            return;
        }
        bool isFlat = queries.Length == 3;
        SizeExpression? queryHeads = isFlat ? SizeExpression.Of(node.Int("q_num_heads", 1)) : queries[1];
        SizeExpression? keyHeads = isFlat ? SizeExpression.Of(node.Int("kv_num_heads", 1)) : keys[1];
        SizeExpression? keyWidth = isFlat ? SizeExpression.FloorDivide(keys[2], keyHeads) : keys[3];
        SizeExpression? valueWidth = isFlat ? SizeExpression.FloorDivide(values[2], keyHeads) : values[3];
        SizeExpression? steps = isFlat ? queries[1] : queries[2];
        SizeExpression? added = isFlat ? keys[1] : keys[2];
        SizeExpression? total = !node.Has(4) ? added : node.Shape(4) is [_, _, var past, _] ? SizeExpression.Add(past, added) : null;
        node.Set(0, isFlat
            ? [queries[0], steps, SizeExpression.Multiply(queryHeads, valueWidth)]
            : [queries[0], queryHeads, steps, valueWidth]);
        node.Set(1, [queries[0], keyHeads, total, keyWidth]);
        node.Set(2, [queries[0], keyHeads, total, valueWidth]);
        node.Set(3, [queries[0], queryHeads, steps, total]);
    }
}
