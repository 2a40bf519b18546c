using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// A text classifier: each token's number becomes a vector, an LSTM reads them in order, and the mean of what it gives over the
/// tokens that are no padding goes into a linear layer.
/// </summary>
public static class LstmText
{
    /// <summary>Builds it: input <c>tokens</c> int64 [batch, length], 0 behind the end, output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">
    /// Shape [length] (64 unless told), vocabulary, embedding (64 unless told), hidden units (64), layers (1), dropout behind the
    /// embedding and before the last layer, classes, seed.
    /// </param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Shape is { Count: not 1 })
        {
            throw new ZooException($"lstm-text takes texts [tokens], not samples [{string.Join(',', options.Shape)}]: use gru-sensor for windows");
        }
        int embedding = options.Embedding ?? 64, hidden = options.Hidden ?? 64;
        var net = new NetBuilder("lstm-text", options.Seed);
        Value tokens = net.Tokens("tokens", options.Shape?[0] ?? 64);
        Value mask = net.Cast(net.Apply("Greater", "mask", tokens, net.Constant("padding", OnnxTensor.Scalar(0L))), "mask/float", ElementType.Float);
        Value axis = net.Constant("feature-axis", OnnxTensor.From<long>([2], 1));
        mask = net.Apply("Unsqueeze", "mask/column", mask, axis);
        Value x = net.Apply("Gather", "embedding", net.Table("embedding/weight", options.Vocabulary, embedding, 0.1), tokens);
        x = net.Dropout(x, "embedding/dropout", options.Dropout ?? 0);
        x = net.Transpose(x, "steps-first", 1, 0, 2);
        int width = embedding;
        Value direction = net.Constant("direction-axis", OnnxTensor.From<long>([1], 1));
        for (int layer = 1; layer <= (options.Layers ?? 1); layer++)
        {
            Value all = net.Recurrent("LSTM", x, $"lstm{layer}", 4, width, hidden, isLast: false);
            x = net.Apply("Squeeze", $"lstm{layer}/squeeze", all, direction);
            width = hidden;
        }
        x = net.Apply("Mul", "masked", net.Transpose(x, "batch-first", 1, 0, 2), mask);
        Value time = net.Constant("time-axis", OnnxTensor.From<long>([1], 1));
        Value sum = net.Sum(x, "sum", time);
        // At least one, so that an empty text divides by one.
        Value count = net.Apply("Max", "count", net.Sum(mask, "tokens/count", time), net.Constant("one", OnnxTensor.Scalar(1f)));
        x = net.Dropout(net.Apply("Div", "mean", sum, count), "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", hidden, options.Classes), "logits", options.Classes);
    }
}
