using System.Collections.Frozen;
using Edge.Graph.Inference.Rules;

namespace Edge.Graph.Inference;

/// <summary>Which rule an operator has. Rules ask the node for its version where versions differ.</summary>
internal static class InferenceRules
{
    private static readonly FrozenDictionary<(string Domain, string Operator), InferenceRule> Table = Build();

    internal static IEnumerable<(string Domain, string Operator)> Covered => Table.Keys;

    internal static InferenceRule? Find(Node node) => Table.GetValueOrDefault((node.Domain, node.OpType));

    private static FrozenDictionary<(string, string), InferenceRule> Build()
    {
        var table = new RuleTable();
        AddElementwise(table);
        AddCreation(table);
        AddMovement(table);
        AddLayers(table);
        AddGraphsAndSequences(table);
        AddOtherDomains(table);
        return table.Freeze();
    }

    private static void AddElementwise(RuleTable table)
    {
        table.Add(ElementwiseRules.Same, "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "Bernoulli", "BitwiseNot", "Celu", "Cos", "Cosh", "CumProd", "CumSum", "Elu", "Erf",
            "Exp", "Gelu", "Hardmax", "HardSigmoid", "HardSwish", "IsInf", "IsNaN", "LeakyRelu", "Log", "LogSoftmax", "LRN", "LpNormalization", "MeanVarianceNormalization",
            "Mish", "PRelu", "Reciprocal", "Relu", "Selu", "Shrink", "Sigmoid", "Sign", "Sin", "Sinh", "Softmax", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh",
            "ThresholdedRelu", "ReverseSequence", "Scatter", "ScatterElements", "ScatterND", "TensorScatter", "Trilu", "RotaryEmbedding", "RegexFullMatch",
            "GroupNormalization", "InstanceNormalization", "RMSNormalization");
        table.Add(ElementwiseRules.SameForAll, "Dropout");
        table.Add(ElementwiseRules.Identity, "Identity");
        table.Add(ElementwiseRules.Broadcast, "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Mean", "Pow", "StringConcat");
        table.Add(ElementwiseRules.Add, "Add");
        table.Add(ElementwiseRules.Subtract, "Sub");
        table.Add(ElementwiseRules.Multiply, "Mul");
        table.Add(ElementwiseRules.Divide, "Div");
        table.Add(ElementwiseRules.Modulo, "Mod");
        table.Add(ElementwiseRules.Minimum, "Min");
        table.Add(ElementwiseRules.Maximum, "Max");
        table.Add(ElementwiseRules.Sum, "Sum");
        table.Add(ElementwiseRules.Equal, "Equal");
        table.Add(ElementwiseRules.Less, "Less");
        table.Add(ElementwiseRules.LessOrEqual, "LessOrEqual");
        table.Add(ElementwiseRules.Greater, "Greater");
        table.Add(ElementwiseRules.GreaterOrEqual, "GreaterOrEqual");
        table.Add(ElementwiseRules.And, "And");
        table.Add(ElementwiseRules.Or, "Or");
        table.Add(ElementwiseRules.Xor, "Xor");
        table.Add(ElementwiseRules.Not, "Not");
        table.Add(ElementwiseRules.Negate, "Neg");
        table.Add(ElementwiseRules.Absolute, "Abs");
        table.Add(ElementwiseRules.Floor, "Floor");
        table.Add(ElementwiseRules.Ceiling, "Ceil");
        table.Add(ElementwiseRules.Round, "Round");
        table.Add(ElementwiseRules.Where, "Where");
        table.Add(ElementwiseRules.Clip, "Clip");
        table.Add(ElementwiseRules.Cast, "Cast");
        table.Add(ElementwiseRules.CastLike, "CastLike");
        table.Add(ElementwiseRules.BitCast, "BitCast");
    }

    private static void AddCreation(RuleTable table)
    {
        table.Add(CreationRules.Constant, "Constant");
        table.Add(CreationRules.ConstantOfShape, "ConstantOfShape");
        table.Add(CreationRules.Range, "Range");
        table.Add(CreationRules.EyeLike, "EyeLike");
        table.Add(CreationRules.Random, "RandomNormal", "RandomUniform");
        table.Add(CreationRules.RandomLike, "RandomNormalLike", "RandomUniformLike");
        table.Add(CreationRules.Multinomial, "Multinomial");
        table.Add(CreationRules.Window, "HannWindow", "HammingWindow", "BlackmanWindow");
        table.Add(CreationRules.MelWeightMatrix, "MelWeightMatrix");
    }

    private static void AddMovement(RuleTable table)
    {
        table.Add(ShapeRules.Shape, "Shape");
        table.Add(ShapeRules.Size, "Size");
        table.Add(ShapeRules.Reshape, "Reshape");
        table.Add(ShapeRules.Flatten, "Flatten");
        table.Add(ShapeRules.Squeeze, "Squeeze");
        table.Add(ShapeRules.Unsqueeze, "Unsqueeze");
        table.Add(ShapeRules.Expand, "Expand");
        table.Add(ShapeRules.Tile, "Tile");
        table.Add(ShapeRules.Transpose, "Transpose");
        table.Add(MovementRules.Concat, "Concat");
        table.Add(MovementRules.Split, "Split");
        table.Add(MovementRules.Pad, "Pad");
        table.Add(MovementRules.CenterCropPad, "CenterCropPad");
        table.Add(MovementRules.DepthToSpace, "DepthToSpace");
        table.Add(MovementRules.SpaceToDepth, "SpaceToDepth");
        table.Add(SliceRule.Slice, "Slice");
        table.Add(IndexingRules.Gather, "Gather");
        table.Add(IndexingRules.GatherElements, "GatherElements");
        table.Add(IndexingRules.GatherNd, "GatherND");
        table.Add(IndexingRules.OneHot, "OneHot");
        table.Add(IndexingRules.NonZero, "NonZero");
        table.Add(IndexingRules.Unique, "Unique");
        table.Add(IndexingRules.Compress, "Compress");
        table.Add(IndexingRules.TopK, "TopK");
        table.Add(IndexingRules.NonMaxSuppression, "NonMaxSuppression");
        table.Add(ReductionRules.Reduce, "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMean", "ReduceSumSquare");
        table.Add(ReductionRules.ReduceSum, "ReduceSum");
        table.Add(ReductionRules.ReduceProduct, "ReduceProd");
        table.Add(ReductionRules.ReduceMaximum, "ReduceMax");
        table.Add(ReductionRules.ReduceMinimum, "ReduceMin");
        table.Add(ReductionRules.ArgMaximum, "ArgMax", "ArgMin");
    }

    private static void AddLayers(RuleTable table)
    {
        table.Add(WindowRules.Convolution, "Conv", "ConvInteger", "DeformConv");
        table.Add(WindowRules.QuantizedConvolution, "QLinearConv");
        table.Add(WindowRules.TransposedConvolution, "ConvTranspose");
        table.Add(WindowRules.Pool, "AveragePool", "LpPool", "MaxPool");
        table.Add(WindowRules.GlobalPool, "GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool");
        table.Add(WindowRules.Unpool, "MaxUnpool");
        table.Add(WindowRules.ColumnsToImage, "Col2Im");
        table.Add(WindowRules.GridSample, "GridSample");
        table.Add(WindowRules.AffineGrid, "AffineGrid");
        table.Add(WindowRules.RegionAlign, "RoiAlign");
        table.Add(WindowRules.RegionPool, "MaxRoiPool");
        table.Add(ResizeRules.Upsample, "Upsample");
        table.Add(ResizeRules.Resize, "Resize");
        table.Add(MatrixRules.MatMul, "MatMul", "MatMulInteger");
        table.Add(MatrixRules.QuantizedMatMul, "QLinearMatMul");
        table.Add(MatrixRules.Gemm, "Gemm");
        table.Add(MatrixRules.Einsum, "Einsum");
        table.Add(MatrixRules.Determinant, "Det");
        table.Add(RecurrentRules.Recurrent, "RNN", "GRU", "LSTM");
        table.Add(AttentionRules.Attention, "Attention");
        table.Add(NormalizationRules.BatchNormalization, "BatchNormalization");
        table.Add(NormalizationRules.LayerNormalization, "LayerNormalization");
        table.Add(NormalizationRules.NegativeLogLikelihoodLoss, "NegativeLogLikelihoodLoss");
        table.Add(NormalizationRules.SoftmaxCrossEntropyLoss, "SoftmaxCrossEntropyLoss");
        table.Add(QuantizationRules.Quantize, "QuantizeLinear");
        table.Add(QuantizationRules.Dequantize, "DequantizeLinear");
        table.Add(QuantizationRules.DynamicQuantize, "DynamicQuantizeLinear");
        table.Add(SignalRules.Dft, "DFT");
        table.Add(SignalRules.Stft, "STFT");
        table.Add(TextRules.StringNormalizer, "StringNormalizer");
        table.Add(TextRules.TfIdf, "TfIdfVectorizer");
        table.Add(TextRules.StringSplit, "StringSplit");
        table.Add(TextRules.ImageDecoder, "ImageDecoder");
    }

    private static void AddGraphsAndSequences(RuleTable table)
    {
        table.Add(ControlFlowRules.If, "If");
        table.Add(ControlFlowRules.Loop, "Loop");
        table.Add(ControlFlowRules.Scan, "Scan");
        table.Add(SequenceRules.Construct, "SequenceConstruct");
        table.Add(SequenceRules.Empty, "SequenceEmpty");
        table.Add(SequenceRules.At, "SequenceAt");
        table.Add(SequenceRules.Insert, "SequenceInsert");
        table.Add(SequenceRules.Erase, "SequenceErase");
        table.Add(SequenceRules.Length, "SequenceLength");
        table.Add(SequenceRules.Split, "SplitToSequence");
        table.Add(SequenceRules.Concat, "ConcatFromSequence");
        table.Add(SequenceRules.Map, "SequenceMap");
        table.Add(SequenceRules.Optional, "Optional");
        table.Add(SequenceRules.OptionalElement, "OptionalGetElement");
        table.Add(SequenceRules.OptionalHas, "OptionalHasElement");
    }

    private static void AddOtherDomains(RuleTable table)
    {
        const string Learning = "ai.onnx.ml";
        table.AddFor(Learning, MachineLearningRules.ArrayFeatureExtractor, "ArrayFeatureExtractor");
        table.AddFor(Learning, ElementwiseRules.Same, "Binarizer");
        table.AddFor(Learning, MachineLearningRules.SameAsFloat, "Normalizer", "Scaler");
        table.AddFor(Learning, ElementwiseRules.Same, "Imputer");
        table.AddFor(Learning, MachineLearningRules.LabelEncoder, "LabelEncoder");
        table.AddFor(Learning, MachineLearningRules.OneHotEncoder, "OneHotEncoder");
        table.AddFor(Learning, MachineLearningRules.TreeEnsemble, "TreeEnsemble");
        table.AddFor(Learning, MachineLearningRules.Regressor, "LinearRegressor", "SVMRegressor", "TreeEnsembleRegressor");
        table.AddFor(Learning, MachineLearningRules.Classifier, "LinearClassifier", "SVMClassifier", "TreeEnsembleClassifier");
        const string Training = "ai.onnx.preview.training";
        table.AddFor(Training, TrainingRules.Adagrad, "Adagrad");
        table.AddFor(Training, TrainingRules.Momentum, "Momentum");
        table.AddFor(Training, TrainingRules.Adam, "Adam");
        const string Microsoft = "com.microsoft";
        table.AddFor(Microsoft, MicrosoftRules.Same, "BiasGelu", "FastGelu", "Gelu", "QLinearLeakyRelu", "QLinearSigmoid", "QLinearSoftmax", "QuickGelu", "SkipLayerNormalization");
        table.AddFor(Microsoft, MicrosoftRules.FusedConvolution, "FusedConv");
        table.AddFor(Microsoft, MicrosoftRules.FusedGemm, "FusedGemm");
        table.AddFor(Microsoft, MicrosoftRules.BinaryQuantized, "QLinearAdd", "QLinearMul");
        table.AddFor(Microsoft, QuantizationRules.Quantize, "QuantizeLinear");
        table.AddFor(Microsoft, QuantizationRules.Dequantize, "DequantizeLinear");
    }

    private sealed class RuleTable
    {
        private readonly Dictionary<(string, string), InferenceRule> _rules = [];

        internal void Add(InferenceRule rule, params ReadOnlySpan<string> operators) => AddFor("", rule, operators);

        internal void AddFor(string domain, InferenceRule rule, params ReadOnlySpan<string> operators)
        {
            foreach (string name in operators)
            {
                _rules.Add((domain, name), rule);
            }
        }

        internal FrozenDictionary<(string, string), InferenceRule> Freeze() => _rules.ToFrozenDictionary();
    }
}
