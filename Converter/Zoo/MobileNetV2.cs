using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// MobileNetV2 (Sandler and others 2018): inverted residual blocks with linear bottlenecks. With multiplier 1, 224×224 RGB
/// images and 1,000 classes 3,504,872 weights.
/// </summary>
public static class MobileNetV2
{
    private static readonly (int Expansion, int Channels, int Count, int Stride)[] Stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, multiplier (1 unless told), dropout before the last layer (0.2 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 32×32.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("mobilenet-v2", 32);
        options = options.AsImage();
        double multiplier = options.Multiplier ?? 1;
        var net = new NetBuilder("mobilenet-v2", options.Seed);
        int inputs = MobileChannels.Scaled(32, multiplier);
        Value x = Layer(net.Input(options), "stem", options.Channels, inputs, 3, 2, 1, isLinear: false);
        int block = 0;
        foreach ((int expansion, int channels, int count, int firstStride) in Stages)
        {
            for (int i = 0; i < count; i++)
            {
                string name = $"block{++block}";
                int stride = i == 0 ? firstStride : 1;
                int wide = inputs * expansion;
                int outputs = MobileChannels.Scaled(channels, multiplier);
                Value y = expansion == 1 ? x : Layer(x, $"{name}/expand", inputs, wide, 1, 1, 1, isLinear: false);
                y = Layer(y, $"{name}/depthwise", wide, wide, 3, stride, wide, isLinear: false);
                y = Layer(y, $"{name}/project", wide, outputs, 1, 1, 1, isLinear: true);
                x = stride == 1 && inputs == outputs ? net.Apply("Add", $"{name}/add", x, y) : y;
                inputs = outputs;
            }
        }
        int last = MobileChannels.Scaled(1280, Math.Max(1, multiplier));
        x = Layer(x, "head", inputs, last, 1, 1, 1, isLinear: false);
        x = net.Flatten(net.Apply("GlobalAveragePool", "pool", x), "flatten");
        x = net.Dropout(x, "dropout", options.Dropout ?? 0.2f);
        return net.Finish(net.DenseLinear(x, "dense", last, options.Classes), "logits", options.Classes);

        Value Layer(Value from, string name, int wide, int outputs, int kernel, int stride, int groups, bool isLinear)
        {
            int pad = kernel / 2;
            Value to = net.Conv(from, name, wide, outputs, [kernel, kernel], new ConvSettings([stride, stride], [pad, pad, pad, pad], groups, NoBias: true));
            to = net.Norm(to, $"{name}/norm", outputs);
            return isLinear ? to : net.Relu6(to, $"{name}/relu6");
        }
    }
}
