namespace Edge.Graph.Inference.Rules;

/// <summary>RNN, GRU and LSTM.</summary>
internal static class RecurrentRules
{
    internal static void Recurrent(NodeInference node)
    {
        if (node.Shape(0) is not [var first, var second, _])
        {
            return;
        }
        bool batchFirst = node.Int("layout", 0) != 0;
        SizeExpression? steps = batchFirst ? second : first;
        SizeExpression? batch = batchFirst ? first : second;
        SizeExpression directions = SizeExpression.Of(node.Text("direction", "forward") == "bidirectional" ? 2 : 1);
        SizeExpression? hidden = node.HasAttribute("hidden_size") ? SizeExpression.Of(node.Int("hidden_size", 1))
            : node.Shape(2) is [_, _, var recurrent] ? recurrent : null;
        node.Set(0, batchFirst ? [batch, steps, directions, hidden] : [steps, directions, batch, hidden]);
        SizeExpression?[] last = batchFirst ? [batch, directions, hidden] : [directions, batch, hidden];
        node.Set(1, last);
        node.Set(2, last);
    }
}
