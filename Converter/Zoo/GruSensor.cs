using Edge.Graph;

namespace Edge.Zoo;

/// <summary>A classifier of sensor windows: a GRU (Cho and others 2014) reads the rows in order, its last state goes into a linear layer.</summary>
public static class GruSensor
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, rows, columns], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Shape [rows, columns], hidden units (32 unless told), layers (1), dropout before the last layer, classes, seed.</param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_, int width) = options.Window("gru-sensor");
        int hidden = options.Hidden ?? 32, layers = options.Layers ?? 1;
        var net = new NetBuilder("gru-sensor", options.Seed);
        Value x = net.Transpose(net.Input(options), "steps-first", 1, 0, 2);
        Value direction = net.Constant("direction-axis", OnnxTensor.From<long>([1], 1));
        Value first = net.Constant("first-axis", OnnxTensor.From<long>([0], 1));
        for (int layer = 1; layer <= layers; layer++)
        {
            bool isLast = layer == layers;
            x = net.Recurrent("GRU", x, $"gru{layer}", 3, width, hidden, isLast);
            x = net.Apply("Squeeze", $"gru{layer}/squeeze", x, isLast ? first : direction);
            width = hidden;
        }
        x = net.Dropout(x, "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", hidden, options.Classes), "logits", options.Classes);
    }
}
