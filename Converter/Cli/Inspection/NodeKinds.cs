using System.Collections.Frozen;
using Edge.Graph;
using Edge.Reports.Graphs;

namespace Edge.Cli.Inspection;

/// <summary>Sorts operators into the kinds that a drawing colours.</summary>
internal static class NodeKinds
{
    private static readonly FrozenDictionary<string, NodeKind> Kinds = Table();

    internal static NodeKind Of(Node node) => Kinds.TryGetValue(node.OpType, out NodeKind kind) ? kind
        : node.OpType.StartsWith("QLinear", StringComparison.Ordinal) ? NodeKind.Quantization
        : node.OpType.StartsWith("Reduce", StringComparison.Ordinal) ? NodeKind.Pooling
        : NodeKind.Other;

    private static FrozenDictionary<string, NodeKind> Table()
    {
        (NodeKind Kind, string Operators)[] rows =
        [
            (NodeKind.Linear, "Conv ConvTranspose ConvInteger DeformConv FusedConv Gemm FusedGemm MatMul MatMulInteger FusedMatMul Einsum QLinearConv QLinearMatMul"),
            (NodeKind.Activation, "Relu LeakyRelu PRelu Elu Selu Celu Gelu Sigmoid HardSigmoid HardSwish Swish Mish Softplus Softsign Tanh ThresholdedRelu Clip Softmax LogSoftmax Hardmax Erf Shrink"),
            (NodeKind.Normalization, "BatchNormalization InstanceNormalization LayerNormalization GroupNormalization RMSNormalization LpNormalization MeanVarianceNormalization LRN SkipLayerNormalization"),
            (NodeKind.Pooling, "MaxPool AveragePool GlobalAveragePool GlobalMaxPool LpPool GlobalLpPool MaxRoiPool RoiAlign ArgMax ArgMin TopK CumSum NonMaxSuppression MaxUnpool"),
            (NodeKind.Arithmetic, "Add Sub Mul Div Pow Sqrt Exp Log Abs Neg Reciprocal Sum Mean Max Min Mod Floor Ceil Round Sign Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh "
                + "Equal Greater GreaterOrEqual Less LessOrEqual Not And Or Xor Where IsNaN IsInf BitShift BitwiseAnd BitwiseOr BitwiseXor BitwiseNot"),
            (NodeKind.Movement, "Reshape Transpose Concat Slice Split Squeeze Unsqueeze Flatten Gather GatherElements GatherND Scatter ScatterElements ScatterND Pad Expand Tile Resize Upsample "
                + "DepthToSpace SpaceToDepth Identity Cast CastLike Shape Size Constant ConstantOfShape Range Dropout Compress NonZero OneHot ReverseSequence Trilu Unique EyeLike CenterCropPad GridSample Col2Im"),
            (NodeKind.Quantization, "QuantizeLinear DequantizeLinear DynamicQuantizeLinear"),
            (NodeKind.Sequence, "LSTM GRU RNN Attention MultiHeadAttention RotaryEmbedding STFT DFT"),
            (NodeKind.Control, "If Loop Scan SequenceMap"),
        ];
        return rows.SelectMany(row => row.Operators.Split(' ').Select(name => KeyValuePair.Create(name, row.Kind))).ToFrozenDictionary(StringComparer.Ordinal);
    }
}
