using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// A residual net for small pictures after Page's ResNet-9 ("How to train your ResNet", 2018), narrower and pooled earlier: three
/// 3×3 convolutions of 32, 64 and 128 channels, each pooled 2×2 and then normalised, and residual pairs of convolutions behind the
/// second and the third. For 28×28 grey images and 10 classes 473,834 weights.
/// </summary>
public static class ResNet9
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">
    /// Size of the input, classes, seed; channels of the first convolution (<see cref="ZooOptions.Hidden"/>, 32), which double twice;
    /// dropout before the last layer.
    /// </param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 8×8.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("resnet9", 8);
        options = options.AsImage();
        var net = new NetBuilder("resnet9", options.Seed);
        int width = options.Hidden ?? 32;
        Value x = Unit(net.Input(options), "stem", options.Channels, width, isPooled: true);
        for (int stage = 1; stage <= 2; stage++)
        {
            x = Unit(x, $"stage{stage}", width, 2 * width, isPooled: true);
            width *= 2;
            Value y = Unit(Unit(x, $"stage{stage}/a", width, width, isPooled: false), $"stage{stage}/b", width, width, isPooled: false);
            x = net.Apply("Add", $"stage{stage}/add", x, y);
        }
        x = net.Dropout(net.Flatten(x, "flatten"), "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", width * (options.Height / 8) * (options.Width / 8), options.Classes), "logits", options.Classes);

        // Normalising behind the pool touches a quarter of the places.
        Value Unit(Value from, string name, int inputs, int outputs, bool isPooled)
        {
            Value to = net.Conv(from, name, inputs, outputs, [3, 3], new ConvSettings(Pads: [1, 1, 1, 1], NoBias: true));
            to = isPooled ? net.MaxPool(to, $"{name}/pool", 2) : to;
            return net.Relu(net.Norm(to, $"{name}/norm", outputs), $"{name}/relu");
        }
    }
}
