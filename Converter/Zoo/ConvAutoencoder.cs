using Edge.Graph;

namespace Edge.Zoo;

/// <summary>An autoencoder of images: convolutions of stride 2 halve the sides, transposed convolutions double them again.</summary>
public static class ConvAutoencoder
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>reconstruction</c> of the same shape.</summary>
    /// <param name="options">Size of the input, layers on each side (2 unless told), channels of the first (Hidden, 16 unless told), channels that are kept (Latent, 8), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the sides are no multiples of 2 to the power of the layers.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("conv-autoencoder", 4);
        options = options.AsImage();
        int layers = options.Layers ?? 2;
        if (layers > 8 || options.Height % (1 << layers) != 0 || options.Width % (1 << layers) != 0)
        {
            throw new ZooException($"conv-autoencoder of {layers} layers needs sides that are multiples of {1L << layers}, not {options.Width}×{options.Height}: use other sizes or fewer layers");
        }
        var net = new NetBuilder("conv-autoencoder", options.Seed);
        Value x = net.Input(options);
        int width = options.Channels;
        for (int i = 1; i <= layers; i++)
        {
            int next = (options.Hidden ?? 16) << (i - 1);
            x = net.Conv(x, $"encoder{i}", width, next, [4, 4], new ConvSettings([2, 2], [1, 1, 1, 1]));
            x = net.Relu(x, $"encoder{i}/relu");
            width = next;
        }
        int latent = options.Latent ?? 8;
        x = net.Relu(net.Conv(x, "latent", width, latent, [3, 3], new ConvSettings(Pads: [1, 1, 1, 1])), "latent/relu");
        width = latent;
        for (int i = layers; i >= 1; i--)
        {
            int next = (options.Hidden ?? 16) << (i - 1);
            x = net.Relu(net.Upsample(x, $"decoder{i}", width, next, hasBias: true), $"decoder{i}/relu");
            width = next;
        }
        x = net.Conv(x, "output", width, options.Channels, [3, 3], new ConvSettings(Pads: [1, 1, 1, 1]));
        return net.Finish(x, "reconstruction", options.Channels, options.Height, options.Width);
    }
}
