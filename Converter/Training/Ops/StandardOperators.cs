namespace Edge.Training.Ops;

/// <summary>The list of ONNX's own operators that the training engine knows, with every version that changed them.</summary>
internal static class StandardOperators
{
    public static OperatorTable Create()
    {
        var table = new OperatorTable();
        AddElementwise(table);
        AddLinear(table);
        AddNormalization(table);
        AddReduction(table);
        AddShapes(table);
        AddIndexing(table);
        AddSequence(table);
        return table;
    }

    private static void AddElementwise(OperatorTable table)
    {
        table.Add("Add", [7, 13, 14], Arithmetic.Of("aten::add"));
        table.Add("Sub", [7, 13, 14], Arithmetic.Of("aten::sub"));
        table.Add("Mul", [7, 13, 14], Arithmetic.Of("aten::mul"));
        table.Add("Div", [7, 13, 14], Arithmetic.Divide);
        table.Add("Mod", [10, 13], Arithmetic.Mod);
        table.Add("Pow", [7, 12, 13, 15], Arithmetic.Power);
        table.Add("Max", [6, 8, 12, 13], Arithmetic.All("aten::maximum"));
        table.Add("Min", [6, 8, 12, 13], Arithmetic.All("aten::minimum"));
        table.Add("Sum", [6, 8, 13], Arithmetic.All("aten::add", "Tensor"));
        table.Add("Mean", [6, 8, 13], Arithmetic.Mean);
        table.Add("And", 7, Arithmetic.Of("aten::logical_and", ""));
        table.Add("Or", 7, Arithmetic.Of("aten::logical_or", ""));
        table.Add("Xor", 7, Arithmetic.Of("aten::logical_xor", ""));
        table.Add("BitwiseAnd", 18, Arithmetic.Of("aten::bitwise_and"));
        table.Add("BitwiseOr", 18, Arithmetic.Of("aten::bitwise_or"));
        table.Add("BitwiseXor", 18, Arithmetic.Of("aten::bitwise_xor"));
        table.Add("BitShift", 11, Arithmetic.BitShift);
        table.Add("Equal", [7, 11, 13, 19], Arithmetic.Of("aten::eq"));
        table.Add("Greater", [7, 9, 13], Arithmetic.Of("aten::gt"));
        table.Add("GreaterOrEqual", [12, 16], Arithmetic.Of("aten::ge"));
        table.Add("Less", [7, 9, 13], Arithmetic.Of("aten::lt"));
        table.Add("LessOrEqual", [12, 16], Arithmetic.Of("aten::le"));
        table.Add("Where", [9, 16], Arithmetic.Where);

        table.Add("Abs", [6, 13], Unary.Of("aten::abs"));
        table.Add("Acos", [7, 22], Unary.Of("aten::acos"));
        table.Add("Acosh", [9, 22], Unary.Of("aten::acosh"));
        table.Add("Asin", [7, 22], Unary.Of("aten::asin"));
        table.Add("Asinh", [9, 22], Unary.Of("aten::asinh"));
        table.Add("Atan", [7, 22], Unary.Of("aten::atan"));
        table.Add("Atanh", [9, 22], Unary.Of("aten::atanh"));
        table.Add("BitwiseNot", 18, Unary.Of("aten::bitwise_not"));
        table.Add("Ceil", [6, 13], Unary.Of("aten::ceil"));
        table.Add("Cos", [7, 22], Unary.Of("aten::cos"));
        table.Add("Cosh", [9, 22], Unary.Of("aten::cosh"));
        table.Add("Erf", [9, 13], Unary.Of("aten::erf"));
        table.Add("Exp", [6, 13], Unary.Of("aten::exp"));
        table.Add("Floor", [6, 13], Unary.Of("aten::floor"));
        table.Add("HardSwish", [14, 22], Unary.Of("aten::hardswish"));
        table.Add("IsInf", [10, 20], Unary.IsInf);
        table.Add("IsNaN", [9, 13, 20], Unary.Of("aten::isnan"));
        table.Add("Log", [6, 13], Unary.Of("aten::log"));
        table.Add("Mish", [18, 22], Unary.Of("aten::mish"));
        table.Add("Neg", [6, 13], Unary.Of("aten::neg"));
        table.Add("Not", 1, Unary.Of("aten::logical_not"));
        table.Add("Reciprocal", [6, 13], Unary.Of("aten::reciprocal"));
        table.Add("Relu", [6, 13, 14], Unary.OverwritingOf("aten::relu"));
        table.Add("Round", [11, 22], Unary.Of("aten::round"));
        table.Add("Sigmoid", [6, 13], Unary.OverwritingOf("aten::sigmoid"));
        table.Add("Sign", [9, 13], Unary.Of("aten::sign"));
        table.Add("Sin", [7, 22], Unary.Of("aten::sin"));
        table.Add("Sinh", [9, 22], Unary.Of("aten::sinh"));
        table.Add("Softplus", [1, 22], Unary.Softplus);
        table.Add("Softsign", [1, 22], Unary.Softsign);
        table.Add("Sqrt", [6, 13], Unary.Of("aten::sqrt"));
        table.Add("Tan", [7, 22], Unary.Of("aten::tan"));
        table.Add("Tanh", [6, 13], Unary.OverwritingOf("aten::tanh"));

        table.Add("Celu", 12, Unary.Celu);
        table.Add("Clip", 6, Clip.CompileAttributes);
        table.Add("Clip", [11, 12, 13], Clip.CompileInputs, fixedInputs: [1, 2]);
        table.Add("Elu", [6, 22], Unary.Elu);
        table.Add("Gelu", 20, Unary.Gelu);
        table.Add("HardSigmoid", [6, 22], Unary.HardSigmoid);
        table.Add("LeakyRelu", [6, 16], Unary.LeakyRelu);
        table.Add("PRelu", [7, 9, 16], Unary.PRelu);
        table.Add("Selu", [6, 22], Unary.Selu);
        table.Add("Shrink", 9, Unary.Shrink);
        table.Add("Swish", 24, Unary.Swish);
        table.Add("ThresholdedRelu", [10, 22], Unary.ThresholdedRelu);
        table.Add("Softmax", [1, 11], Softmax.Flattened);
        table.Add("Softmax", 13, Softmax.OneAxis);
        table.Add("LogSoftmax", [1, 11], Softmax.LogFlattened);
        table.Add("LogSoftmax", 13, Softmax.LogOneAxis);
        table.Add("Hardmax", [1, 11], Choosing.HardmaxFlattened);
        table.Add("Hardmax", 13, Choosing.Hardmax);

        table.Add("Dropout", [6, 7, 10], Dropout.CompileAttribute, traits: OperatorTraits.Random);
        table.Add("Dropout", [12, 13, 22], Dropout.CompileInput, fixedInputs: [1, 2], traits: OperatorTraits.Random);
        table.Add("Identity", [1, 13, 14, 16, 19, 21, 23, 24, 25], Unary.Identity, traits: OperatorTraits.AnyType);
        table.Add("Cast", [6, 9, 13, 19, 21, 23, 24, 25], Cast.ByAttribute, traits: OperatorTraits.AnyType);
        table.Add("CastLike", [15, 19, 21, 23, 24, 25], Cast.ByInput, fixedInputs: [1], traits: OperatorTraits.AnyType);
        table.Add("BitCast", 26, Cast.Bits, traits: OperatorTraits.AnyType);
        table.Add("QuantizeLinear", [10, 13, 19, 21, 23, 24, 25], Quantization.Quantize, fixedInputs: [1, 2]);
        table.Add("DequantizeLinear", [10, 13, 19, 21, 23, 24, 25], Quantization.Dequantize, fixedInputs: [1, 2]);
        table.Add("DynamicQuantizeLinear", 11, Quantization.Dynamic);
    }

    private static void AddLinear(OperatorTable table)
    {
        table.Add("Conv", [1, 11, 22], Conv.Compile);
        table.Add("ConvInteger", 10, Conv.Integers);
        table.Add("QLinearConv", 10, Conv.Quantized, fixedInputs: [1, 4, 6]);
        table.Add("ConvTranspose", [1, 11, 22], ConvTranspose.Compile);
        table.Add("Gemm", [7, 9, 11, 13], Gemm.Compile);
        table.Add("MatMul", [1, 9, 13], MatMul.Compile);
        table.Add("MatMulInteger", 10, MatMul.Integers);
        table.Add("QLinearMatMul", [10, 21], MatMul.Quantized, fixedInputs: [1, 4, 6]);
        table.Add("Einsum", 12, MatMul.Einsum);
        table.Add("Det", [11, 22], Unary.Of("aten::linalg_det"));

        table.Add("MaxPool", [1, 8, 10, 11, 12, 22], Pool.Max);
        table.Add("AveragePool", [1, 7, 10, 11, 19, 22], Pool.Average);
        table.Add("LpPool", [2, 11, 18, 22], Pool.Norm);
        table.Add("MaxUnpool", [9, 11, 22], Pool.Unpool);
        table.Add("GlobalAveragePool", [1, 22], GlobalPool.Average);
        table.Add("GlobalMaxPool", [1, 22], GlobalPool.Max);
        table.Add("GlobalLpPool", [2, 22], GlobalPool.Norm);

        table.Add("Upsample", 7, Resize.UpsampleByAttribute);
        table.Add("Upsample", 9, Resize.ByScales, fixedInputs: [1]);
        table.Add("Resize", 10, Resize.ByScales, fixedInputs: [1]);
        table.Add("Resize", [11, 13, 18, 19], Resize.Compile, fixedInputs: [1, 2]);
        table.Add("GridSample", [16, 20, 22], GridSample.Compile);
        table.Add("AffineGrid", 20, GridSample.Affine);
        table.Add("DepthToSpace", [1, 11, 13], BlockSpace.DepthToSpace);
        table.Add("SpaceToDepth", [1, 13], BlockSpace.SpaceToDepth);
        table.Add("Col2Im", 18, Col2Im.Compile);
    }

    private static void AddNormalization(OperatorTable table)
    {
        table.Add("BatchNormalization", [7, 9, 14, 15], BatchNormalization.Compile, stateInputs: [3, 4]);
        table.Add("InstanceNormalization", [6, 22], Normalization.Instance);
        table.Add("LayerNormalization", 17, Normalization.Layer);
        table.Add("GroupNormalization", 18, Normalization.Group(scalesGroups: true));
        table.Add("GroupNormalization", 21, Normalization.Group(scalesGroups: false));
        table.Add("RMSNormalization", 23, Normalization.RootMeanSquare);
        table.Add("LRN", [1, 13], Normalization.LocalResponse);
        table.Add("MeanVarianceNormalization", [9, 13], Normalization.MeanVariance);
        table.Add("LpNormalization", [1, 22], Normalization.Lp);
        table.Add("NegativeLogLikelihoodLoss", [12, 13, 22], Losses.NegativeLogLikelihood, fixedInputs: [2]);
        table.Add("SoftmaxCrossEntropyLoss", [12, 13], Losses.SoftmaxCrossEntropy, fixedInputs: [2]);
    }

    private static void AddReduction(OperatorTable table)
    {
        Add("ReduceL1", Reduction.AbsoluteSum);
        Add("ReduceL2", Reduction.Norm);
        Add("ReduceLogSum", Reduction.LogSum);
        Add("ReduceLogSumExp", Reduction.LogSumExp);
        Add("ReduceMean", Reduction.Mean);
        Add("ReduceProd", Reduction.Product);
        Add("ReduceSumSquare", Reduction.SquareSum);
        table.Add("ReduceMax", [1, 11, 12, 13], Reduction.ByAttribute(Reduction.Max));
        table.Add("ReduceMax", [18, 20], Reduction.ByInput(Reduction.Max));
        table.Add("ReduceMin", [1, 11, 12, 13], Reduction.ByAttribute(Reduction.Min));
        table.Add("ReduceMin", [18, 20], Reduction.ByInput(Reduction.Min));
        table.Add("ReduceSum", [1, 11], Reduction.ByAttribute(Reduction.Sum));
        table.Add("ReduceSum", 13, Reduction.ByInput(Reduction.Sum));
        table.Add("ArgMax", [1, 11, 12, 13], ArgExtreme.Max);
        table.Add("ArgMin", [1, 11, 12, 13], ArgExtreme.Min);
        table.Add("CumSum", [11, 14], Cumulative.Sum);
        table.Add("CumProd", 26, Cumulative.Product);

        void Add(string name, Reduction.Over over)
        {
            table.Add(name, [1, 11, 13], Reduction.ByAttribute(over));
            table.Add(name, 18, Reduction.ByInput(over));
        }
    }

    private static void AddShapes(OperatorTable table)
    {
        table.Add("Constant", [1, 9, 11, 12, 13, 19, 21, 23, 24, 25], Constant.Compile, traits: OperatorTraits.AnyType);
        table.Add("ConstantOfShape", [9, 19, 20, 21, 23, 24, 25], Making.ConstantOfShape, traits: OperatorTraits.AnyType);
        table.Add("Range", 11, Making.Range);
        table.Add("EyeLike", [9, 22], Making.EyeLike);
        table.Add("RandomNormal", [1, 22], Making.RandomNormal, traits: OperatorTraits.Random);
        table.Add("RandomNormalLike", [1, 22], Making.RandomNormal, traits: OperatorTraits.Random);
        table.Add("RandomUniform", [1, 22], Making.RandomUniform, traits: OperatorTraits.Random);
        table.Add("RandomUniformLike", [1, 22], Making.RandomUniform, traits: OperatorTraits.Random);
        table.Add("Bernoulli", [15, 22], Making.Bernoulli, traits: OperatorTraits.Random);
        table.Add("HannWindow", 17, SignalWindow.Hann);
        table.Add("HammingWindow", 17, SignalWindow.Hamming);
        table.Add("BlackmanWindow", 17, SignalWindow.Blackman);
        table.Add("Shape", [1, 13, 15, 19, 21, 23, 24, 25], ShapeOf.Shape, traits: OperatorTraits.AnyType);
        table.Add("Size", [1, 13, 19, 21, 23, 24, 25], ShapeOf.Size, traits: OperatorTraits.AnyType);
        table.Add("Flatten", [1, 9, 11, 13, 21, 23, 24, 25], Flatten.Compile, traits: OperatorTraits.AnyType);
        table.Add("Reshape", 1, Reshape.CompileAttribute, traits: OperatorTraits.AnyType);
        table.Add("Reshape", [5, 13, 14, 19, 21, 23, 24, 25], Reshape.Compile, traits: OperatorTraits.AnyType);
        table.Add("Squeeze", [1, 11], Squeeze.CompileAttribute, traits: OperatorTraits.AnyType);
        table.Add("Squeeze", [13, 21, 23, 24, 25], Squeeze.CompileInput, traits: OperatorTraits.AnyType);
        table.Add("Unsqueeze", [1, 11], Unsqueeze.CompileAttribute, traits: OperatorTraits.AnyType);
        table.Add("Unsqueeze", [13, 21, 23, 24, 25], Unsqueeze.CompileInput, traits: OperatorTraits.AnyType);
        table.Add("Transpose", [1, 13, 21, 23, 24, 25], Transpose.Compile, traits: OperatorTraits.AnyType);
        table.Add("Concat", [4, 11, 13], Concat.Compile, traits: OperatorTraits.AnyType);
        table.Add("Split", [2, 11], Split.CompileAttribute, traits: OperatorTraits.AnyType);
        table.Add("Split", [13, 18], Split.CompileInput, traits: OperatorTraits.AnyType);
        table.Add("Expand", [8, 13], Expand.Broadcast, traits: OperatorTraits.AnyType);
        table.Add("Tile", [6, 13], Expand.Tile, traits: OperatorTraits.AnyType);
        table.Add("Pad", 2, Pad.CompileAttribute);
        table.Add("Pad", [11, 13, 18, 19, 21, 23, 24, 25], Pad.CompileInput, fixedInputs: [2]);
        table.Add("CenterCropPad", 18, CenterCropPad.Compile);
    }

    private static void AddIndexing(OperatorTable table)
    {
        table.Add("Gather", [1, 11, 13], Gather.Slices);
        table.Add("GatherElements", [11, 13], Gather.Elements);
        table.Add("GatherND", [11, 12, 13], Gather.Rows);
        table.Add("Scatter", 9, Scatter.Elements);
        table.Add("ScatterElements", [11, 13, 16, 18], Scatter.Elements);
        table.Add("ScatterND", [11, 13, 16, 18], Scatter.Rows);
        table.Add("TensorScatter", 24, TensorScatter.Compile);
        table.Add("Slice", 1, Slice.CompileAttributes, traits: OperatorTraits.AnyType);
        table.Add("Slice", [10, 11, 13], Slice.CompileInputs, traits: OperatorTraits.AnyType);
        table.Add("Compress", [9, 11], Choosing.Compress);
        table.Add("NonZero", [9, 13], Choosing.NonZero);
        table.Add("OneHot", [9, 11], OneHot.Compile, fixedInputs: [1, 2]);
        table.Add("TopK", 1, Choosing.TopKByAttribute);
        table.Add("TopK", [10, 11, 24], Choosing.TopKByInput);
        table.Add("Trilu", 14, Trilu.Compile);
        table.Add("Unique", 11, Choosing.Unique);
        table.Add("ReverseSequence", 10, ReverseSequence.Compile);
        table.Add("NonMaxSuppression", [10, 11], NonMaxSuppression.Compile, fixedInputs: [3, 4]);
    }

    private static void AddSequence(OperatorTable table)
    {
        table.Add("LSTM", [7, 14, 22], Recurrent.Lstm);
        table.Add("GRU", [7, 14, 22], Recurrent.Gru);
        table.Add("RNN", [7, 14, 22], Recurrent.Rnn);
        table.Add("Attention", [23, 24], Attention.Compile);
        table.Add("RotaryEmbedding", 23, RotaryEmbedding.Compile);
        table.Add("If", [1, 11, 13, 16, 19, 21, 23, 24, 25], ControlFlow.If, traits: OperatorTraits.AnyType);
        table.Add("Loop", [1, 11, 13, 16, 19, 21, 23, 24, 25], ControlFlow.Loop, traits: OperatorTraits.AnyType);
        table.Add("Scan", 8, ControlFlow.BatchedScan, traits: OperatorTraits.AnyType);
        table.Add("Scan", [9, 11, 16, 19, 21, 23, 24, 25], ControlFlow.Scan, traits: OperatorTraits.AnyType);
        table.Add("OptionalGetElement", [15, 18], Unary.Identity, traits: OperatorTraits.AnyType);
        table.Add("OptionalHasElement", [15, 18], OptionalValue.IsThere, traits: OperatorTraits.AnyType);
    }
}
