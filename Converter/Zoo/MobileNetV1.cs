using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// MobileNetV1 (Howard and others 2017), by default with a quarter of the channels: the visual wake words net of MLPerf Tiny.
/// For 96×96 RGB images and 2 classes 221,794 numbers, running statistics included.
/// </summary>
public static class MobileNetV1
{
    private static readonly (int Channels, int Stride)[] Blocks =
        [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)];

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, multiplier (0.25 unless told), dropout before the last layer, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 32×32.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("vww", 32);
        options = options.AsImage();
        double multiplier = options.Multiplier ?? 0.25;
        var net = new NetBuilder("vww", options.Seed);
        int[] size = [options.Height, options.Width];
        int inputs = (int)(32 * multiplier);
        Value x = Block(net.Input(options), "stem", options.Channels, inputs, 3, 2, 1);
        for (int i = 0; i < Blocks.Length; i++)
        {
            int outputs = (int)(Blocks[i].Channels * multiplier);
            x = Block(x, $"block{i + 1}/depthwise", inputs, inputs, 3, Blocks[i].Stride, inputs);
            x = Block(x, $"block{i + 1}/pointwise", inputs, outputs, 1, 1, 1);
            inputs = outputs;
        }
        x = net.Flatten(net.Apply("GlobalAveragePool", "pool", x), "flatten");
        x = net.Dropout(x, "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", inputs, options.Classes), "logits", options.Classes);

        Value Block(Value from, string name, int wide, int outputs, int kernel, int stride, int groups)
        {
            int[] sides = [kernel, kernel], strides = [stride, stride];
            Value to = net.Conv(from, name, wide, outputs, sides, new ConvSettings(strides, NetBuilder.Same(size, sides, strides), groups));
            size = Array.ConvertAll(size, side => (side + stride - 1) / stride);
            return net.Relu(net.Norm(to, $"{name}/norm", outputs, 1e-3f, 0.99f), $"{name}/relu");
        }
    }
}
