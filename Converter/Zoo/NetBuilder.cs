using Edge.Foundation;
using Edge.Graph;

namespace Edge.Zoo;

/// <summary>Appends layers to a graph, with initial weights drawn in the order of the layers.</summary>
internal sealed class NetBuilder
{
    private readonly OnnxModel _model;
    private readonly OnnxGraph _graph;
    private SplitMix64 _random;

    public NetBuilder(string name, ulong seed)
        : this(new OnnxModel(new OnnxGraph(name)), seed)
    {
    }

    /// <summary>Goes on with a model.</summary>
    public NetBuilder(OnnxModel model, ulong seed)
    {
        _model = model;
        _graph = model.Graph;
        _random = new SplitMix64(seed);
    }

    /// <summary>The usual float input, [batch, …].</summary>
    public Value Input(string name, params ReadOnlySpan<int> shape) => _graph.AddInput(name, ElementType.Float, Batched(shape));

    /// <summary>The input <c>input</c> that the options describe.</summary>
    public Value Input(ZooOptions options) => Input("input", [.. options.Shape ?? [options.Channels, options.Height, options.Width]]);

    /// <summary>Token numbers, int64 [batch, length].</summary>
    public Value Tokens(string name, int length) => _graph.AddInput(name, ElementType.Int64, Batched([length]));

    /// <summary>Any operator with constants made before.</summary>
    public Value Apply(string op, string name, params Value?[] inputs) => Node(op, name, inputs).Outputs[0]!;

    public Node Node(string op, string name, params Value?[] inputs) => _graph.AddNode(op, inputs, [$"{name}/out"], name);

    public Value Constant(string name, OnnxTensor tensor) => _graph.AddInitializer(name, tensor);

    /// <summary>A convolution with bias; weights [out, in ÷ groups, …]. Pads are [begins, ends]; none are zeros.</summary>
    public Value Conv(Value x, string name, int inputs, int outputs, int[] kernel, ConvSettings settings = default)
    {
        int groups = Math.Max(1, settings.Groups);
        long[] shape = [outputs, inputs / groups, .. Array.ConvertAll(kernel, size => (long)size)];
        Value weight = Constant($"{name}/weight", Uniform(shape, Math.Sqrt(6.0 * outputs / Product(shape)) * (settings.Gain > 0 ? settings.Gain : 1)));
        Node node = settings.HasBias ? Node("Conv", name, x, weight, Constant($"{name}/bias", settings.Biases is { } biases ? OnnxTensor.From<float>(biases, outputs) : Filled(outputs, settings.Bias))) : Node("Conv", name, x, weight);
        Window(node, kernel, settings.Strides, settings.Pads);
        if (groups > 1)
        {
            node.Attributes.Set("group", (long)groups);
        }
        if (settings.Dilation > 1)
        {
            node.Attributes.Set("dilations", Array.ConvertAll(kernel, _ => (long)settings.Dilation));
        }
        return node.Outputs[0]!;
    }

    /// <summary>Doubles height and width: 4×4 kernel, stride 2; weights [in, out, 4, 4].</summary>
    public Value Upsample(Value x, string name, int inputs, int outputs, bool hasBias)
    {
        Value weight = Constant($"{name}/weight", He([inputs, outputs, 4, 4], inputs * 4));
        Node node = hasBias ? Node("ConvTranspose", name, x, weight, Zeros($"{name}/bias", outputs)) : Node("ConvTranspose", name, x, weight);
        Window(node, [4, 4], [2, 2], [1, 1, 1, 1]);
        return node.Outputs[0]!;
    }

    /// <summary>Batch normalisation of the second dimension.</summary>
    public Value Norm(Value x, string name, int channels, float epsilon = 1e-5f, float momentum = 0.9f)
    {
        Node node = Node(
            "BatchNormalization", name, x, Constant($"{name}/scale", Ones(channels)), Zeros($"{name}/bias", channels),
            Zeros($"{name}/mean", channels), Constant($"{name}/variance", Ones(channels)));
        node.Attributes.Set("epsilon", epsilon);
        node.Attributes.Set("momentum", momentum);
        return node.Outputs[0]!;
    }

    public Value Relu(Value x, string name) => Apply("Relu", name, x);

    /// <summary>Rectified and at most 6.</summary>
    public Value Relu6(Value x, string name) =>
        Apply("Clip", name, x, Constant($"{name}/min", OnnxTensor.Scalar(0f)), Constant($"{name}/max", OnnxTensor.Scalar(6f)));

    public Value LeakyRelu(Value x, string name, float slope)
    {
        Node node = Node("LeakyRelu", name, x);
        node.Attributes.Set("alpha", slope);
        return node.Outputs[0]!;
    }

    public Value MaxPool(Value x, string name, int size)
    {
        Node node = Node("MaxPool", name, x);
        Window(node, [size, size], [size, size], null);
        return node.Outputs[0]!;
    }

    public Value Flatten(Value x, string name) => Apply("Flatten", name, x);

    public Value Reshape(Value x, string name, params long[] shape) => Apply("Reshape", name, x, Constant($"{name}/shape", OnnxTensor.From<long>(shape, shape.Length)));

    /// <summary>Values one behind the other along an axis.</summary>
    public Value Join(string name, long axis, params Value[] parts)
    {
        Node node = Node("Concat", name, parts);
        node.Attributes.Set("axis", axis);
        return node.Outputs[0]!;
    }

    public Value Transpose(Value x, string name, params long[] order)
    {
        Node node = Node("Transpose", name, x);
        node.Attributes.Set("perm", order);
        return node.Outputs[0]!;
    }

    /// <summary>A fully connected layer followed by a rectifier; weights [out, in].</summary>
    public Value DenseRelu(Value x, string name, int inputs, int outputs) => Relu(Dense(x, name, outputs, He([outputs, inputs], inputs)), $"{name}/relu");

    /// <summary>A fully connected layer for what a rectifier comes behind, later.</summary>
    public Value DenseHe(Value x, string name, int inputs, int outputs) => Dense(x, name, outputs, He([outputs, inputs], inputs));

    /// <summary>The last, fully connected layer.</summary>
    public Value DenseLinear(Value x, string name, int inputs, int outputs) => Dense(x, name, outputs, Glorot([outputs, inputs], inputs, outputs));

    /// <summary>Silences units while training; the identity otherwise. A ratio of 0 adds nothing.</summary>
    public Value Dropout(Value x, string name, float ratio) => ratio > 0 ? Apply("Dropout", name, x, Constant($"{name}/ratio", OnnxTensor.Scalar(ratio))) : x;

    /// <summary>An LSTM or GRU in one direction over [steps, batch, in]: all states [steps, 1, batch, hidden], or the last one [1, batch, hidden].</summary>
    public Value Recurrent(string op, Value x, string name, int gates, int inputs, int hidden, bool isLast)
    {
        double limit = 1 / Math.Sqrt(hidden);
        Value weight = Constant($"{name}/weight", Uniform([1, gates * hidden, inputs], limit));
        Value recurrence = Constant($"{name}/recurrence", Uniform([1, gates * hidden, hidden], limit));
        Value bias = Constant($"{name}/bias", Uniform([1, 2 * gates * hidden], limit));
        Node node = _graph.AddNode(op, [x, weight, recurrence, bias], isLast ? ["", $"{name}/last"] : [$"{name}/all"], name);
        node.Attributes.Set("hidden_size", (long)hidden);
        if (op == "GRU")
        {
            // As libtorch has it; the reset gate acts behind the recurrent weights.
            node.Attributes.Set("linear_before_reset", 1L);
        }
        return node.Outputs[isLast ? 1 : 0]!;
    }

    public Value Cast(Value x, string name, ElementType type)
    {
        Node node = Node("Cast", name, x);
        node.Attributes.Set("to", (long)type);
        return node.Outputs[0]!;
    }

    /// <summary>The sum over axes, which vanish.</summary>
    public Value Sum(Value x, string name, Value axes)
    {
        Node node = Node("ReduceSum", name, x, axes);
        node.Attributes.Set("keepdims", 0L);
        return node.Outputs[0]!;
    }

    /// <summary>Uniform initial weights, for tables of vectors.</summary>
    public Value Table(string name, int rows, int columns, double limit) => Constant(name, Uniform([rows, columns], limit));

    /// <summary>Names a value, makes it the output and closes the model.</summary>
    public OnnxModel Finish(Value last, string name, params ReadOnlySpan<int> shape)
    {
        _graph.Rename(last, name);
        last.Type = new TensorType(ElementType.Float, Batched(shape));
        _graph.AddOutput(last);
        return _model;
    }

    /// <summary>Pads as TensorFlow's "same" does: the output has ⌈size ÷ stride⌉ places, an odd one is padded behind.</summary>
    public static int[] Same(int[] sizes, int[] kernel, int[] strides)
    {
        int[] pads = new int[2 * sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            int total = Math.Max(((((sizes[i] + strides[i] - 1) / strides[i]) - 1) * strides[i]) + kernel[i] - sizes[i], 0);
            pads[i] = total / 2;
            pads[sizes.Length + i] = total - pads[i];
        }
        return pads;
    }

    private Value Dense(Value x, string name, int outputs, OnnxTensor weights)
    {
        Node node = Node("Gemm", name, x, Constant($"{name}/weight", weights), Zeros($"{name}/bias", outputs));
        node.Attributes.Set("transB", 1L);
        return node.Outputs[0]!;
    }

    private static void Window(Node node, int[] kernel, int[]? strides, int[]? pads)
    {
        node.Attributes.Set("kernel_shape", Array.ConvertAll(kernel, size => (long)size));
        if (strides is not null)
        {
            node.Attributes.Set("strides", Array.ConvertAll(strides, size => (long)size));
        }
        if (pads is not null)
        {
            node.Attributes.Set("pads", Array.ConvertAll(pads, size => (long)size));
        }
    }

    private static TensorShape Batched(ReadOnlySpan<int> shape)
    {
        Dimension[] dimensions = new Dimension[shape.Length + 1];
        dimensions[0] = "batch";
        for (int i = 0; i < shape.Length; i++)
        {
            dimensions[i + 1] = shape[i];
        }
        return TensorShape.Of(dimensions);
    }

    private Value Zeros(string name, int length) => Constant(name, OnnxTensor.From<float>(new float[length], length));

    private static OnnxTensor Ones(int length) => Filled(length, 1);

    private static OnnxTensor Filled(int length, float value)
    {
        float[] values = new float[length];
        Array.Fill(values, value);
        return OnnxTensor.From<float>(values, length);
    }

    /// <summary>He and others 2015: keeps the variance through rectifiers.</summary>
    private OnnxTensor He(long[] shape, long fanIn) => Uniform(shape, Math.Sqrt(6.0 / fanIn));

    /// <summary>Glorot and Bengio 2010: keeps the variance through linear layers, both ways.</summary>
    private OnnxTensor Glorot(long[] shape, int fanIn, int fanOut) => Uniform(shape, Math.Sqrt(6.0 / (fanIn + fanOut)));

    private OnnxTensor Uniform(long[] shape, double limit)
    {
        float[] values = new float[Product(shape)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((_random.NextDouble() * 2) - 1) * limit);
        }
        return OnnxTensor.From<float>(values, shape);
    }

    private static long Product(long[] shape)
    {
        long length = 1;
        foreach (long size in shape)
        {
            length *= size;
        }
        return length;
    }
}
