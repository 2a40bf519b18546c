using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// LeNet-5 (LeCun and others 1998) as it is taught today, with rectifiers and maximum pooling: 5×5 convolutions of 6 and 16
/// channels, 120, 84 and the classes. For 28×28 grey images, padded by 2, 61,706 weights.
/// </summary>
public static class LeNet5
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, dropout before the last layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 12×12.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("lenet5", 12);
        options = options.AsImage();
        var net = new NetBuilder("lenet5", options.Seed);
        Value x = net.Conv(net.Input(options), "conv1", options.Channels, 6, [5, 5], new ConvSettings(Pads: [2, 2, 2, 2]));
        x = net.MaxPool(net.Relu(x, "conv1/relu"), "pool1", 2);
        x = net.Conv(x, "conv2", 6, 16, [5, 5]);
        x = net.MaxPool(net.Relu(x, "conv2/relu"), "pool2", 2);
        x = net.Flatten(x, "flatten");
        x = net.DenseRelu(x, "dense1", 16 * Reduced(options.Height) * Reduced(options.Width), 120);
        x = net.DenseRelu(x, "dense2", 120, 84);
        x = net.Dropout(x, "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense3", 84, options.Classes), "logits", options.Classes);
    }

    private static int Reduced(int size) => ((size / 2) - 4) / 2;
}
