using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// MobileNetV3-Small (Howard and others 2019): inverted residual blocks with squeeze-and-excitation and hard swish. With
/// multiplier 1, 224×224 RGB images and 1,000 classes 2,542,856 weights.
/// </summary>
public static class MobileNetV3
{
    private static readonly (int Kernel, int Expanded, int Channels, bool Squeezes, bool Swishes, int Stride)[] Blocks =
    [
        (3, 16, 16, true, false, 2), (3, 72, 24, false, false, 2), (3, 88, 24, false, false, 1), (5, 96, 40, true, true, 2),
        (5, 240, 40, true, true, 1), (5, 240, 40, true, true, 1), (5, 120, 48, true, true, 1), (5, 144, 48, true, true, 1),
        (5, 288, 96, true, true, 2), (5, 576, 96, true, true, 1), (5, 576, 96, true, true, 1),
    ];

    /// <summary>Builds it: input <c>input</c> float32 [batch, channels, height, width], output <c>logits</c> float32 [batch, classes].</summary>
    /// <param name="options">Size of the input, classes, multiplier (1 unless told), dropout before the last layer (0.2 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or the images are smaller than 32×32.</exception>
    public static OnnxModel Build(ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage("mobilenet-v3-small", 32);
        options = options.AsImage();
        double multiplier = options.Multiplier ?? 1;
        var net = new NetBuilder("mobilenet-v3-small", options.Seed);
        int inputs = MobileChannels.Scaled(16, multiplier);
        Value x = Swish(Layer(net.Input(options), "stem", options.Channels, inputs, 3, 2, 1), "stem");
        for (int i = 0; i < Blocks.Length; i++)
        {
            (int kernel, int expanded, int channels, bool squeezes, bool swishes, int stride) = Blocks[i];
            string name = $"block{i + 1}";
            int wide = MobileChannels.Scaled(expanded, multiplier);
            int outputs = MobileChannels.Scaled(channels, multiplier);
            Value y = wide == inputs ? x : Activate(Layer(x, $"{name}/expand", inputs, wide, 1, 1, 1), $"{name}/expand", swishes);
            y = Activate(Layer(y, $"{name}/depthwise", wide, wide, kernel, stride, wide), $"{name}/depthwise", swishes);
            y = squeezes ? Squeeze(y, $"{name}/squeeze", wide) : y;
            y = Layer(y, $"{name}/project", wide, outputs, 1, 1, 1);
            x = stride == 1 && inputs == outputs ? net.Apply("Add", $"{name}/add", x, y) : y;
            inputs = outputs;
        }
        int last = 6 * inputs;
        int hidden = MobileChannels.Scaled(1024, multiplier);
        x = Swish(Layer(x, "head", inputs, last, 1, 1, 1), "head");
        x = net.Flatten(net.Apply("GlobalAveragePool", "pool", x), "flatten");
        x = Swish(net.DenseHe(x, "dense1", last, hidden), "dense1");
        x = net.Dropout(x, "dropout", options.Dropout ?? 0.2f);
        return net.Finish(net.DenseLinear(x, "dense2", hidden, options.Classes), "logits", options.Classes);

        Value Layer(Value from, string name, int wide, int outputs, int kernel, int stride, int groups)
        {
            int pad = kernel / 2;
            Value to = net.Conv(from, name, wide, outputs, [kernel, kernel], new ConvSettings([stride, stride], [pad, pad, pad, pad], groups, NoBias: true));
            return net.Norm(to, $"{name}/norm", outputs, 1e-3f, 0.99f);
        }

        Value Swish(Value from, string name) => net.Apply("HardSwish", $"{name}/swish", from);

        Value Activate(Value from, string name, bool swishes) => swishes ? Swish(from, name) : net.Relu(from, $"{name}/relu");

        // Hu and others 2018: channels are weighed by what the whole image shows.
        Value Squeeze(Value from, string name, int channels)
        {
            int few = MobileChannels.Scaled(channels, 0.25);
            Value weight = net.Apply("GlobalAveragePool", $"{name}/pool", from);
            weight = net.Relu(net.Conv(weight, $"{name}/reduce", channels, few, [1, 1]), $"{name}/relu");
            weight = net.Conv(weight, $"{name}/grow", few, channels, [1, 1]);
            Node gate = net.Node("HardSigmoid", $"{name}/gate", weight);
            gate.Attributes.Set("alpha", 1f / 6);
            return net.Apply("Mul", $"{name}/scale", from, gate.Outputs[0]!);
        }
    }
}
