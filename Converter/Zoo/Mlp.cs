using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// A perceptron with hidden layers of rectified units, by default one of 128: for 28×28 grey images 784-128-10, 101,770 weights.
/// </summary>
public static class Mlp
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, …], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Shape of a sample, classes, hidden units and layers, dropout behind each hidden layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.Values > 1 << 22)
        {
            throw new ZooException($"mlp takes at most {1 << 22} input values, not {options.Values}: use convnet or smaller images");
        }
        var net = new NetBuilder("mlp", options.Seed);
        Value x = net.Flatten(net.Input(options), "flatten");
        int width = (int)options.Values;
        int layers = options.Layers ?? 1;
        for (int i = 1; i <= layers; i++)
        {
            int hidden = options.Hidden ?? 128;
            x = net.DenseRelu(x, $"dense{i}", width, hidden);
            x = net.Dropout(x, i == 1 ? "dropout" : $"dropout{i}", options.Dropout ?? 0);
            width = hidden;
        }
        return net.Finish(net.DenseLinear(x, $"dense{layers + 1}", width, options.Classes), "logits", options.Classes);
    }
}
