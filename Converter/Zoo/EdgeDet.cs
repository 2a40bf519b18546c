using Edge.Graph;

namespace Edge.Zoo;

/// <summary>
/// EdgeDet: an anchor-free detector for small machines. A backbone of residual depthwise separable blocks, a feature pyramid down and
/// up again, and at strides 8, 16 and 32 one branch for boxes and one for classes. Its output is laid out as YOLOX's.
/// </summary>
public static class EdgeDet
{
    // Every box is rare: the first scores are about 1 in 100, so that the first steps do not go into silencing them.
    private const float PriorLogit = -4.6f;
    // Predictions begin nearly alike everywhere.
    private const double PredictionGain = 0.05;
    private const int Coordinates = 4;
    // Boxes begin around the middle of their cell, two cells wide and high: objects of many sizes overlap some level's boxes from the
    // first step on, and are assigned to it.
    private static readonly float[] FirstBox = [0.5f, 0.5f, MathF.Log(2), MathF.Log(2)];
    private const int Neck = 96;
    private const int HeadKernel = 5;
    private static readonly int[] Widths = [16, 32, 64, 128, 192];
    private static readonly int[] Blocks = [1, 2, 3, 2];

    /// <summary>The small one: about 44 million multiply-adds at 160×160.</summary>
    /// <param name="options">Size of the input, classes, multiplier (1 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or a side is no multiple of 32.</exception>
    public static OnnxModel BuildNano(ZooOptions options) => Build("edgedet-n", options, 1, 1);

    /// <summary>Half as wide again.</summary>
    /// <param name="options">Size of the input, classes, multiplier (1.5 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or a side is no multiple of 32.</exception>
    public static OnnxModel BuildSmall(ZooOptions options) => Build("edgedet-s", options, 1.5, 1);

    /// <summary>Twice as wide and twice as deep.</summary>
    /// <param name="options">Size of the input, classes, multiplier (2 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or a side is no multiple of 32.</exception>
    public static OnnxModel BuildMedium(ZooOptions options) => Build("edgedet-m", options, 2, 2);

    /// <summary>
    /// The layers of <see cref="BuildNano"/> that see, as a classifier: what it learns of single objects a detector begins with
    /// (<see cref="ZooOptions.Backbone"/>).
    /// </summary>
    /// <param name="options">Size of the input, classes, multiplier (1 unless told), seed.</param>
    /// <exception cref="ZooException">An option makes no sense, or a side is no multiple of 32.</exception>
    public static OnnxModel BuildBackbone(ZooOptions options)
    {
        options = Checked("edgedet-n-backbone", options);
        var net = new NetBuilder("edgedet-n-backbone", options.Seed);
        (Value last, int channels) = Features(net, options, options.Multiplier ?? 1, 1)[^1];
        Value pooled = net.Flatten(net.Apply("GlobalAveragePool", "pool", last), "flatten");
        return net.Finish(net.DenseLinear(pooled, "dense", channels, options.Classes), "logits", options.Classes);
    }

    /// <summary>
    /// Input <c>input</c> float32 [batch, channels, height, width]; output <c>boxes</c> float32 [batch, cells, 5 + classes]: centre and
    /// size in cells of the grid (the size as a logarithm), then the probabilities of an object and of each class.
    /// </summary>
    private static OnnxModel Build(string name, ZooOptions options, double width, int depth)
    {
        options = Checked(name, options);
        width = options.Multiplier ?? width;
        int neck = MobileChannels.Scaled(Neck, width);
        NetBuilder net;
        (Value Value, int Channels)[] features;
        if (options.Backbone is { Length: > 0 } path)
        {
            ClassifierBackbone backbone = ClassifierBackbone.Load(path, options);
            (net, features) = (new NetBuilder(backbone.Model, options.Seed), backbone.Features);
        }
        else
        {
            net = new NetBuilder(name, options.Seed);
            features = Features(net, options, width, depth);
        }
        Value[] levels = [.. features.Select((feature, level) => Pointwise(net, feature.Value, $"neck/lateral{8 << level}", feature.Channels, neck))];
        for (int i = 1; i >= 0; i--)
        {
            Value sum = net.Apply("Add", $"neck/down{i}/sum", levels[i], Upsample(net, levels[i + 1], $"neck/down{i}/resize"));
            levels[i] = Block(net, sum, $"neck/down{i}", neck, neck, 1);
        }
        for (int i = 1; i <= 2; i++)
        {
            Value sum = net.Apply("Add", $"neck/up{i}/sum", levels[i], Block(net, levels[i - 1], $"neck/up{i}/shrink", neck, neck, 2));
            levels[i] = Block(net, sum, $"neck/up{i}", neck, neck, 1);
        }
        var cells = new Value[levels.Length];
        int total = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = net.Reshape(Head(net, levels[i], $"head{8 << i}", neck, options.Classes), $"head{8 << i}/flat", 0, Coordinates + 1 + options.Classes, -1);
            total += (options.Height >> (i + 3)) * (options.Width >> (i + 3));
        }
        Value all = net.Transpose(net.Join("head/all", 2, cells), "head/rows", 0, 2, 1);
        return net.Finish(all, "boxes", total, Coordinates + 1 + options.Classes);
    }

    private static ZooOptions Checked(string name, ZooOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.NeedsImage(name, 32);
        options = options.AsImage();
        return options.Height % 32 == 0 && options.Width % 32 == 0
            ? options
            : throw new ZooException($"{name} takes images whose sides are multiples of 32, not {options.Width}×{options.Height}");
    }

    // What the backbone sees at strides 8, 16 and 32.
    private static (Value Value, int Channels)[] Features(NetBuilder net, ZooOptions options, double width, int depth)
    {
        int[] channels = Array.ConvertAll(Widths, count => MobileChannels.Scaled(count, width));
        Value x = net.Conv(net.Input(options), "stem", options.Channels, channels[0], [3, 3], new ConvSettings([2, 2], [1, 1, 1, 1], NoBias: true));
        x = net.Relu(net.Norm(x, "stem/norm", channels[0]), "stem/relu");
        var features = new List<(Value Value, int Channels)>();
        for (int stage = 1; stage < Widths.Length; stage++)
        {
            x = Block(net, x, $"stage{stage}/down", channels[stage - 1], channels[stage], 2);
            for (int i = 1; i <= Blocks[stage - 1] * depth; i++)
            {
                x = Block(net, x, $"stage{stage}/block{i}", channels[stage], channels[stage], 1);
            }
            if (stage > 1)
            {
                features.Add((x, channels[stage]));
            }
        }
        return [.. features];
    }

    private static Value Head(NetBuilder net, Value x, string name, int inputs, int classes)
    {
        Value boxes = Block(net, x, $"{name}/boxes", inputs, inputs, 1, HeadKernel);
        Value kinds = Block(net, x, $"{name}/classes", inputs, inputs, 1, HeadKernel);
        Value place = net.Conv(boxes, $"{name}/place", inputs, Coordinates, [1, 1], new ConvSettings(Biases: FirstBox, Gain: PredictionGain));
        Value found = net.Apply("Sigmoid", $"{name}/object/sigmoid", net.Conv(boxes, $"{name}/object", inputs, 1, [1, 1], new ConvSettings(Bias: PriorLogit, Gain: PredictionGain)));
        Value kind = net.Apply("Sigmoid", $"{name}/class/sigmoid", net.Conv(kinds, $"{name}/class", inputs, classes, [1, 1], new ConvSettings(Bias: PriorLogit, Gain: PredictionGain)));
        return net.Join($"{name}/join", 1, place, found, kind);
    }

    // Depthwise, then pointwise; what goes in is added to what comes out where both have the same shape. Nothing stands between the two:
    // it learns faster so, and half of the normalisations are saved (Chollet 2017, arXiv 1610.02357).
    private static Value Block(NetBuilder net, Value x, string name, int inputs, int outputs, int stride, int kernel = 3)
    {
        int pad = kernel / 2;
        Value y = net.Conv(x, $"{name}/depthwise", inputs, inputs, [kernel, kernel], new ConvSettings([stride, stride], [pad, pad, pad, pad], inputs, NoBias: true));
        y = net.Norm(net.Conv(y, $"{name}/pointwise", inputs, outputs, [1, 1], new ConvSettings(NoBias: true)), $"{name}/norm", outputs);
        return net.Relu(stride == 1 && inputs == outputs ? net.Apply("Add", $"{name}/add", x, y) : y, $"{name}/relu");
    }

    private static Value Pointwise(NetBuilder net, Value x, string name, int inputs, int outputs) =>
        net.Relu(net.Norm(net.Conv(x, name, inputs, outputs, [1, 1], new ConvSettings(NoBias: true)), $"{name}/norm", outputs), $"{name}/relu");

    private static Value Upsample(NetBuilder net, Value x, string name)
    {
        Node node = net.Node("Resize", name, x, null, net.Constant($"{name}/scales", OnnxTensor.From<float>([1, 1, 2, 2], 4)));
        node.Attributes.Set("mode", "nearest");
        node.Attributes.Set("coordinate_transformation_mode", "asymmetric");
        node.Attributes.Set("nearest_mode", "floor");
        return node.Outputs[0]!;
    }
}
