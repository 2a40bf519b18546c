using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// The keyword spotter of MLPerf Tiny, DS-CNN (Zhang and others 2017): a 10×4 convolution of stride 2 and four depthwise
/// separable blocks of 64 channels. For 49×10 spectrograms and 12 classes 24,908 numbers, running statistics included.
/// </summary>
public static class DsCnn
{
    private const int Filters = 64;

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, rows, columns], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input (rows are steps of time), classes, dropout before the last layer (0.4 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("ds-cnn", 4);
        options = options.AsImage();
        var net = new NetBuilder("ds-cnn", options.Seed);
        int[] size = [options.Height, options.Width];
        Value x = net.Conv(net.Input(options), "stem", options.Channels, Filters, [10, 4], new ConvSettings([2, 2], NetBuilder.Same(size, [10, 4], [2, 2])));
        x = net.Relu(Norm(x, "stem/norm"), "stem/relu");
        x = net.Dropout(x, "stem/dropout", (options.Dropout ?? 0.4f) / 2);
        for (int block = 1; block <= 4; block++)
        {
            x = net.Conv(x, $"block{block}/depthwise", Filters, Filters, [3, 3], new ConvSettings(Pads: [1, 1, 1, 1], Groups: Filters));
            x = net.Relu(Norm(x, $"block{block}/depthwise/norm"), $"block{block}/depthwise/relu");
            x = net.Conv(x, $"block{block}/pointwise", Filters, Filters, [1, 1]);
            x = net.Relu(Norm(x, $"block{block}/pointwise/norm"), $"block{block}/pointwise/relu");
        }
        x = net.Dropout(x, "dropout", options.Dropout ?? 0.4f);
        x = net.Flatten(net.Apply("GlobalAveragePool", "pool", x), "flatten");
        return net.Finish(net.DenseLinear(x, "dense", Filters, options.Classes), "logits", options.Classes);

        Value Norm(Value from, string name) => net.Norm(from, name, Filters, 1e-3f, 0.99f);
    }
}
