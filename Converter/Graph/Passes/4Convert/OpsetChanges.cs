using System.Collections.Frozen;

namespace Edge.Graph.Passes;

/// <summary>What opsets 8 to 21 changed in operators of opset 7 and later. Operators that are not here are refused, never guessed.</summary>
public static class OpsetChanges
{
    /// <summary>The newest opset that can be reached.</summary>
    public const long Newest = 21;

    // Later versions of these take and give what earlier ones did; they allow more element types, ranks or negative axes.
    private static readonly string[] Compatible =
    [
        "Abs", "Acos", "Acosh", "Add", "AffineGrid", "And", "ArgMax", "ArgMin", "Asin", "Asinh", "Atan", "Atanh", "AveragePool", "Bernoulli", "BitShift",
        "BitwiseAnd", "BitwiseNot", "BitwiseOr", "BitwiseXor", "BlackmanWindow", "Cast", "CastLike", "Ceil", "Celu", "CenterCropPad", "Col2Im",
        "Compress", "Concat", "ConcatFromSequence", "Constant", "ConstantOfShape", "Conv", "ConvInteger", "ConvTranspose", "Cos", "Cosh", "CumSum",
        "DeformConv", "DepthToSpace", "DequantizeLinear", "Det", "Div", "DynamicQuantizeLinear", "Einsum", "Elu", "Equal", "Erf", "Exp", "Expand",
        "EyeLike", "Flatten", "Floor", "GRU", "Gather", "GatherElements", "GatherND", "Gelu", "Gemm", "GlobalAveragePool", "GlobalLpPool",
        "GlobalMaxPool", "Greater", "GreaterOrEqual", "HammingWindow", "HannWindow", "HardSigmoid", "HardSwish", "Identity", "If",
        "InstanceNormalization", "IsInf", "IsNaN", "LRN", "LSTM", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "Loop",
        "LpNormalization", "LpPool", "MatMul", "MatMulInteger", "Max", "MaxPool", "MaxRoiPool", "MaxUnpool", "Mean", "MeanVarianceNormalization",
        "MelWeightMatrix", "Min", "Mish", "Mod", "Mul", "Multinomial", "Neg", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "NonZero", "Not",
        "OneHot", "Optional", "OptionalGetElement", "OptionalHasElement", "Or", "PRelu", "Pow", "QLinearConv", "QLinearMatMul", "QuantizeLinear",
        "RNN", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "Reciprocal", "RegexFullMatch", "Relu", "Reshape",
        "ReverseSequence", "Round", "STFT", "ScatterElements", "ScatterND", "Selu", "SequenceAt", "SequenceConstruct", "SequenceEmpty",
        "SequenceErase", "SequenceInsert", "SequenceLength", "SequenceMap", "Shape", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Size",
        "SoftmaxCrossEntropyLoss", "Softplus", "Softsign", "SpaceToDepth", "SplitToSequence", "Sqrt", "StringConcat", "StringNormalizer", "StringSplit", "Sub", "Sum", "Tan",
        "Tanh", "TfIdfVectorizer", "ThresholdedRelu", "Tile", "Transpose", "Trilu", "Unique", "Where", "Xor",
    ];

    private static readonly FrozenDictionary<string, OpsetChange[]> Table = Create();

    /// <summary>The operators that can be upgraded, in order.</summary>
    public static IEnumerable<string> Operators => Table.Keys.Order(StringComparer.Ordinal);

    /// <summary>The oldest file format that may hold an opset.</summary>
    internal static long IrVersion(long opset) => opset switch
    {
        <= 8 => 3,
        9 => 4,
        10 => 5,
        11 => 6,
        <= 14 => 7,
        <= 18 => 8,
        <= 20 => 9,
        _ => 10,
    };

    /// <summary>Why a node cannot be brought from one opset to another; null if it can.</summary>
    internal static string? Refusal(Node node, long from, long to)
    {
        if (!Table.TryGetValue(node.OpType, out OpsetChange[]? changes))
        {
            return $"what opset {to} changed in {node.OpType} is not known";
        }
        foreach (OpsetChange change in changes)
        {
            if (change.Version > from && change.Version <= to && change.Refuse?.Invoke(node) is { } reason)
            {
                return reason;
            }
        }
        return null;
    }

    /// <summary>Brings a node from one opset to another.</summary>
    /// <returns>True if it was rewritten.</returns>
    internal static bool Apply(Node node, long from, long to)
    {
        bool isRewritten = false;
        long reached = from;
        // A node may have become one of another operator, which goes on from the version that replaced it.
        while (Array.Find(Table[node.OpType], change => change.Version > reached && change.Version <= to) is { } next)
        {
            reached = next.Version;
            if (next.Apply is { } apply)
            {
                node = apply(node);
                isRewritten = true;
            }
        }
        return isRewritten;
    }

    private static FrozenDictionary<string, OpsetChange[]> Create()
    {
        var table = new Dictionary<string, OpsetChange[]>(StringComparer.Ordinal);
        foreach (string name in Compatible)
        {
            table.Add(name, []);
        }
        table.Add("BatchNormalization", [
            new(9, OpsetAdapters.DropSpatial, node => node.Attributes.GetInt("spatial", 1) == 0 ? "statistics by element (spatial = 0) ended with opset 9" : null),
            new(14, OpsetAdapters.KeepFirstOutput, OpsetAdapters.RefuseFurtherOutputs)]);
        table.Add("Clip", [new(11, OpsetAdapters.ClipLimits, OpsetAdapters.RefuseUnknownType)]);
        table.Add("DFT", [new(20, null, _ => "its axis became an input with opset 20")]);
        table.Add("Dropout", [
            new(10, null, OpsetAdapters.RefuseFurtherOutputs),
            new(12, node => OpsetAdapters.FloatToInput(node, "ratio", 1))]);
        table.Add("GridSample", [new(20, OpsetAdapters.GridSampleModes)]);
        table.Add("GroupNormalization", [new(21, null, _ => "its scale is by channel, not by group, since opset 21")]);
        table.Add("Pad", [new(11, OpsetAdapters.PadInputs, OpsetAdapters.RefuseUnknownType)]);
        table.Add("ReduceSum", [new(13, OpsetAdapters.AxesToInput)]);
        foreach (string name in (string[])["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"])
        {
            table.Add(name, [new(18, OpsetAdapters.AxesToInput)]);
        }
        table.Add("Resize", [
            new(11, OpsetAdapters.ResizeModes, OpsetAdapters.RefuseMixedScales),
            new(13, null, OpsetAdapters.RefuseHalfPixelForNearest)]);
        table.Add("RoiAlign", [new(16, OpsetAdapters.RoiAlignCoordinates)]);
        table.Add("Scan", [new(9, null, _ => "it has other inputs since opset 9")]);
        table.Add("Scatter", [new(11, node => OpsetAdapters.Rename(node, "ScatterElements"))]);
        table.Add("Slice", [new(10, OpsetAdapters.SliceInputs)]);
        foreach (string name in (string[])["Softmax", "LogSoftmax", "Hardmax"])
        {
            table.Add(name, [new(13, OpsetAdapters.FlattenAround)]);
        }
        table.Add("Split", [
            new(13, node => OpsetAdapters.IntsToInput(node, "split", 1)),
            new(18, OpsetAdapters.SplitCount)]);
        table.Add("Squeeze", [new(13, OpsetAdapters.AxesToInput)]);
        table.Add("TopK", [new(10, OpsetAdapters.TopKCount)]);
        table.Add("Unsqueeze", [new(13, OpsetAdapters.AxesToInput)]);
        table.Add("Upsample", [
            new(9, node => OpsetAdapters.FloatsToInput(node, "scales", 1)),
            new(10, node => OpsetAdapters.Rename(node, "Resize"), OpsetAdapters.RefuseMixedScales)]);
        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
