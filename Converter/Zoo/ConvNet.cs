using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// Two 3×3 convolutions (32 and 64 channels, no padding), each rectified and pooled 2×2, then rectified units and a linear
/// layer. For 28×28 grey images 225,034 weights with 128 units, and 34,826 without a hidden layer, as in Keras' MNIST tutorial.
/// </summary>
public static class ConvNet
{
    private const int MinimumSize = 10;

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, hidden units, dropout before the last layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 10×10.</exception>
    public static OnnxModel Build(ZooOptions options) => Build("convnet", options, options?.Hidden ?? 128, options?.Dropout ?? 0);

    /// <summary>Builds the net of Keras' tutorial: no hidden layer, half of the features dropped while training.</summary>
    /// <param name="options">Size of the input, classes, dropout (0.5 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 10×10.</exception>
    public static OnnxModel BuildKeras(ZooOptions options) => Build("keras-convnet", options, 0, options?.Dropout ?? 0.5f);

    private static OnnxModel Build(string name, ZooOptions options, int hidden, float dropout)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage(name, MinimumSize);
        options = options.AsImage();
        var net = new NetBuilder(name, options.Seed);
        Value x = net.Conv(net.Input(options), "conv1", options.Channels, 32, [3, 3]);
        x = net.MaxPool(net.Relu(x, "conv1/relu"), "pool1", 2);
        x = net.Conv(x, "conv2", 32, 64, [3, 3]);
        x = net.MaxPool(net.Relu(x, "conv2/relu"), "pool2", 2);
        x = net.Flatten(x, "flatten");
        int features = 64 * Reduced(options.Height) * Reduced(options.Width);
        if (hidden > 0)
        {
            x = net.DenseRelu(x, "dense1", features, hidden);
            features = hidden;
        }
        x = net.Dropout(x, "dropout", dropout);
        return net.Finish(net.DenseLinear(x, hidden > 0 ? "dense2" : "dense", features, options.Classes), "logits", options.Classes);
    }

    /// <summary>What two unpadded 3×3 convolutions, each pooled by 2, leave of a side.</summary>
    private static int Reduced(int size) => (((size - 2) / 2) - 2) / 2;
}
