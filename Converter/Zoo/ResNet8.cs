using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// The image classifier of MLPerf Tiny (Banbury and others 2021): a 3×3 convolution and three residual blocks of 16, 32 and 64
/// channels. For 32×32 RGB images and 10 classes 78,666 numbers, running statistics included.
/// </summary>
public static class ResNet8
{
    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 8×8.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("resnet8", 8);
        options = options.AsImage();
        var net = new NetBuilder("resnet8", options.Seed);
        int[] size = [options.Height, options.Width];
        Value x = net.Input(options);
        x = net.Relu(ConvNorm(x, "stem", options.Channels, 16, 1, ref size), "stem/relu");
        int inputs = 16;
        for (int block = 1; block <= 3; block++)
        {
            int outputs = 8 << block;
            int stride = block == 1 ? 1 : 2;
            int[] before = size;
            Value y = net.Relu(ConvNorm(x, $"block{block}/a", inputs, outputs, stride, ref size), $"block{block}/a/relu");
            y = ConvNorm(y, $"block{block}/b", outputs, outputs, 1, ref size);
            if (stride > 1)
            {
                x = net.Conv(x, $"block{block}/shortcut", inputs, outputs, [1, 1], new ConvSettings([stride, stride], NetBuilder.Same(before, [1, 1], [stride, stride])));
            }
            x = net.Relu(net.Apply("Add", $"block{block}/add", x, y), $"block{block}/relu");
            inputs = outputs;
        }
        x = net.Flatten(net.Apply("GlobalAveragePool", "pool", x), "flatten");
        x = net.Dropout(x, "dropout", options.Dropout ?? 0);
        return net.Finish(net.DenseLinear(x, "dense", 64, options.Classes), "logits", options.Classes);

        Value ConvNorm(Value from, string name, int wide, int outputs, int stride, ref int[] sides)
        {
            int[] strides = [stride, stride];
            Value to = net.Conv(from, name, wide, outputs, [3, 3], new ConvSettings(strides, NetBuilder.Same(sides, [3, 3], strides)));
            sides = Array.ConvertAll(sides, side => (side + stride - 1) / stride);
            return net.Norm(to, $"{name}/norm", outputs, 1e-3f, 0.99f);
        }
    }
}
