namespace Edge.Graph.Passes.Matching;

/// <summary>
/// A Conv, ConvTranspose, Gemm or MatMul with constant weights, whose result or input can take on a factor and a summand
/// for each channel: <c>y ← s·y + t</c> or <c>x ← s·x + t</c>, computed in float64.
/// </summary>
internal sealed class LinearLayer
{
    private readonly Value _weight;
    private readonly long[] _dims;
    private readonly long _groups;
    private readonly double _alpha = 1;
    private readonly double _beta = 1;
    private readonly bool _isTransposed;
    private readonly bool _isConv;
    private readonly bool _isConvTranspose;
    // Elements of a convolution's kernel in one channel.
    private readonly long _inner = 1;

    private LinearLayer(Node node, Value weight)
    {
        Node = node;
        _weight = weight;
        _dims = weight.Constant!.Dims;
        _isConv = node.OpType == "Conv";
        _isConvTranspose = node.OpType == "ConvTranspose";
        _groups = _isConv || _isConvTranspose ? node.Attributes.GetInt("group", 1) : 1;
        for (int axis = 2; axis < _dims.Length; axis++)
        {
            _inner *= _dims[axis];
        }
        if (node.OpType == "Gemm")
        {
            _alpha = node.Attributes.GetFloat("alpha", 1);
            _beta = node.Attributes.GetFloat("beta", 1);
            _isTransposed = node.Attributes.GetInt("transB", 0) != 0;
        }
        (Channels, InputChannels) = node.OpType switch
        {
            "Conv" => (_dims[0], _dims[1] * _groups),
            "ConvTranspose" => (_dims[1] * _groups, _dims[0]),
            _ => _isTransposed ? (_dims[^2], _dims[^1]) : (_dims[^1], _dims[^2]),
        };
    }

    /// <summary>The node.</summary>
    internal Node Node { get; private set; }

    /// <summary>Channels of the result.</summary>
    internal long Channels { get; }

    /// <summary>Channels of the input.</summary>
    internal long InputChannels { get; }

    /// <summary>What the weights' elements are: float32 or float64.</summary>
    internal ElementType Element => _weight.Constant!.Type;

    /// <summary>How many axes the result has; null where that is not known.</summary>
    internal int? OutputRank => Node.OpType switch
    {
        "MatMul" => Node.Inputs[0]!.Shape is { Rank: >= 2 } shape ? Math.Max(shape.Rank, _dims.Length) : null,
        "Gemm" => 2,
        _ => _dims.Length,
    };

    /// <summary>How many axes stand behind the result's channel axis.</summary>
    internal int AxesBehindChannels => _isConv || _isConvTranspose ? _dims.Length - 2 : 0;

    /// <summary>Can a summand be added to the result? A MatMul becomes a Gemm for it, which needs two axes.</summary>
    internal bool CanShift => Node.OpType != "MatMul" || (_dims.Length == 2 && Node.Inputs[0]!.Shape is { Rank: 2 });

    /// <summary>A Conv that reads zeros beyond the edge of its input.</summary>
    internal bool Pads
    {
        get
        {
            if (!_isConv)
            {
                return false;
            }
            return Node.Attributes.GetString("auto_pad", "NOTSET") switch
            {
                "NOTSET" or "" => Array.Exists(Node.Attributes.GetInts("pads", []), pad => pad != 0),
                "VALID" => false,
                _ => true,
            };
        }
    }

    /// <summary>The layer that a node is, or null: not one of them, weights not constant, or not of float32 or float64.</summary>
    internal static LinearLayer? Open(Node? node)
    {
        if (node is null || node.Domain.Length > 0 || node.OpType is not ("Conv" or "ConvTranspose" or "Gemm" or "MatMul"))
        {
            return null;
        }
        if (node.Input(0) is null || node.Input(1) is not { IsConstant: true, Constant: { Type: ElementType.Float or ElementType.Double, Length: > 0 } tensor } weight || tensor.Dims.Length < 2)
        {
            return null;
        }
        bool isConv = node.OpType is "Conv" or "ConvTranspose";
        if ((isConv && tensor.Dims.Length < 3) || (node.OpType == "Gemm" && tensor.Dims.Length != 2))
        {
            return null;
        }
        long groups = isConv ? node.Attributes.GetInt("group", 1) : 1;
        if (groups < 1 || tensor.Dims[0] % groups != 0)
        {
            return null;
        }
        var layer = new LinearLayer(node, weight);
        return node.Input(2) is null || layer.ReadBias() is not null ? layer : null;
    }

    /// <summary>Multiplies the result by a factor for each channel and adds a summand.</summary>
    /// <param name="scale">One factor a channel.</param>
    /// <param name="shift">One summand a channel; null or all zero where <see cref="CanShift"/> is false.</param>
    internal void ScaleOutput(double[] scale, double[]? shift)
    {
        double[] weight = _weight.Reals()!;
        for (int index = 0; index < weight.Length; index++)
        {
            weight[index] *= scale[OutputChannel(index)];
        }
        double[]? bias = ReadBias() ?? (Any(shift) ? new double[Channels] : null);
        for (int channel = 0; channel < bias?.Length; channel++)
        {
            bias[channel] = (bias[channel] * scale[channel]) + (shift?[channel] ?? 0);
        }
        Write(weight, bias);
    }

    /// <summary>Makes the layer compute from <c>x</c> what it computed from <c>scale·x + shift</c>.</summary>
    /// <param name="scale">One factor an input channel.</param>
    /// <param name="shift">One summand an input channel; a ConvTranspose or a Conv that pads takes only zeros.</param>
    internal void ScaleInput(double[] scale, double[] shift)
    {
        double[] weight = _weight.Reals()!;
        double[]? bias = ReadBias() ?? (Any(shift) ? new double[Channels] : null);
        for (int index = 0; index < weight.Length; index++)
        {
            long input = InputChannel(index);
            if (bias is not null)
            {
                bias[OutputChannel(index)] += _alpha * weight[index] * shift[input];
            }
            weight[index] *= scale[input];
        }
        Write(weight, bias);
    }

    /// <summary>Is any of the numbers other than zero?</summary>
    internal static bool Any(double[]? numbers) => numbers is not null && Array.Exists(numbers, number => number != 0);

    private long OutputChannel(long index) =>
        _isConv ? index / (_inner * _dims[1])
        : _isConvTranspose ? (index / (_inner * _dims[1]) / (_dims[0] / _groups) * _dims[1]) + (index / _inner % _dims[1])
        : _isTransposed ? index / _dims[^1] % _dims[^2]
        : index % _dims[^1];

    private long InputChannel(long index) =>
        _isConv ? (OutputChannel(index) / (_dims[0] / _groups) * _dims[1]) + (index / _inner % _dims[1])
        : _isConvTranspose ? index / (_inner * _dims[1])
        : _isTransposed ? index % _dims[^1]
        : index / _dims[^1] % _dims[^2];

    // One number a channel, the factor of Gemm's bias multiplied in; null where there is none or where it is of another form.
    private double[]? ReadBias()
    {
        if (Node.OpType == "MatMul" || Node.Input(2).Reals() is not { } bias)
        {
            return null;
        }
        long[] dims = Node.Input(2)!.Constant!.Dims;
        bool isPerChannel = dims.Length <= 2 && (dims.Length == 0 || dims[^1] == Channels || dims[^1] == 1) && (dims.Length < 2 || dims[0] == 1);
        if (!isPerChannel || (Node.OpType != "Gemm" && bias.Length != Channels))
        {
            return null;
        }
        double[] result = new double[Channels];
        for (int channel = 0; channel < result.Length; channel++)
        {
            result[channel] = _beta * bias[bias.Length == 1 ? 0 : channel];
        }
        return result;
    }

    private void Write(double[] weight, double[]? bias)
    {
        OnnxGraph graph = Node.Graph;
        string stem = _weight.Name.EndsWith("_folded", StringComparison.Ordinal) ? _weight.Name : _weight.Name + "_folded";
        Value newWeight = graph.AddConstant(stem, Numbers.FromReals(Element, weight, _dims));
        Value? newBias = bias is null ? null : graph.AddConstant(stem + "_bias", Numbers.FromReals(Element, bias, Channels));
        if (newBias is not null && Node.OpType == "MatMul")
        {
            Node = Edits.Substitute(Node, "Gemm", Node.Inputs[0], newWeight, newBias);
            return;
        }
        Node.SetInput(1, newWeight);
        if (newBias is not null)
        {
            Node.SetInput(2, newBias);
            Node.Attributes.Remove("beta");
        }
    }
}
