using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// A generator and a discriminator of images, trained as a pair (Radford, Metz and Chintala 2016); images are from −1 to 1.
/// </summary>
public static class Dcgan
{
    /// <summary>Builds the generator: input <c>noise</c> float32 [batch, latent], output <c>image</c> float32 [batch, channels, height, width].</summary>
    /// <param name="options">Size of the images, latent values (64 unless told), channels of the last hidden layer (Hidden, 32 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the sides are no multiples of 4.</exception>
    public static OnnxModel BuildGenerator(ZooOptions options)
    {
        options = Checked("dcgan-generator", options);
        int latent = options.Latent ?? 64, hidden = options.Hidden ?? 32;
        int height = options.Height / 4, width = options.Width / 4;
        var net = new NetBuilder("dcgan-generator", options.Seed);
        Value x = net.DenseHe(net.Input("noise", latent), "dense", latent, 4 * hidden * height * width);
        x = net.Reshape(x, "unflatten", -1, 4 * hidden, height, width);
        x = net.Relu(net.Norm(x, "norm1", 4 * hidden), "relu1");
        x = net.Upsample(x, "up1", 4 * hidden, 2 * hidden, hasBias: false);
        x = net.Relu(net.Norm(x, "norm2", 2 * hidden), "relu2");
        x = net.Upsample(x, "up2", 2 * hidden, hidden, hasBias: false);
        x = net.Relu(net.Norm(x, "norm3", hidden), "relu3");
        x = net.Conv(x, "paint", hidden, options.Channels, [3, 3], new ConvSettings(Pads: [1, 1, 1, 1]));
        return net.Finish(net.Apply("Tanh", "tanh", x), "image", options.Channels, options.Height, options.Width);
    }

    /// <summary>Builds the discriminator: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, 1], positive for real.</summary>
    /// <param name="options">Size of the images, channels of the first layer (Hidden, 32 unless told), dropout before the last layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the sides are no multiples of 4.</exception>
    public static OnnxModel BuildDiscriminator(ZooOptions options)
    {
        options = Checked("dcgan-discriminator", options);
        int hidden = options.Hidden ?? 32;
        var net = new NetBuilder("dcgan-discriminator", options.Seed);
        var halving = new ConvSettings([2, 2], [1, 1, 1, 1]);
        Value x = net.LeakyRelu(net.Conv(net.Input(options), "conv1", options.Channels, hidden, [4, 4], halving), "relu1", 0.2f);
        x = net.Conv(x, "conv2", hidden, 2 * hidden, [4, 4], halving with { NoBias = true });
        x = net.LeakyRelu(net.Norm(x, "norm2", 2 * hidden), "relu2", 0.2f);
        x = net.Dropout(net.Flatten(x, "flatten"), "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", 2 * hidden * (options.Height / 4) * (options.Width / 4), 1), "logits", 1);
    }

    private static ZooOptions Checked(string name, ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage(name, 8);
        options = options.AsImage();
        return options.Height % 4 == 0 && options.Width % 4 == 0
            ? options
            : throw new ZooException($"{name} needs sides that are multiples of 4, not {options.Width}×{options.Height}");
    }
}
