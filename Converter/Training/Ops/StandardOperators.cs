namespace Edge.Training.Ops;

/// <summary>The list of ONNX's own operators that the training engine knows, with every version that changed them.</summary>
internal static class StandardOperators
{
    public static OperatorTable Create()
    {
        var table = new OperatorTable();

        table.Add("Add", [7, 13, 14], Arithmetic.Add);
        table.Add("Sub", [7, 13, 14], Arithmetic.Subtract);
        table.Add("Mul", [7, 13, 14], Arithmetic.Multiply);
        table.Add("Div", [7, 13, 14], Arithmetic.Divide);

        table.Add("Abs", [6, 13], Unary.Abs);
        table.Add("Exp", [6, 13], Unary.Exp);
        table.Add("HardSwish", [14, 22], Unary.HardSwish);
        table.Add("Log", [6, 13], Unary.Log);
        table.Add("Neg", [6, 13], Unary.Negate);
        table.Add("Relu", [6, 13, 14], Unary.Relu);
        table.Add("Sigmoid", [6, 13], Unary.Sigmoid);
        table.Add("Softplus", [1, 22], Unary.Softplus);
        table.Add("Sqrt", [6, 13], Unary.SquareRoot);
        table.Add("Tanh", [6, 13], Unary.Tanh);

        table.Add("Elu", [6, 22], Elu.Compile);
        table.Add("HardSigmoid", [6, 22], HardSigmoid.Compile);
        table.Add("LeakyRelu", [6, 16], LeakyRelu.Compile);
        table.Add("Clip", 6, Clip.CompileAttributes);
        table.Add("Clip", [11, 12, 13], Clip.CompileInputs, fixedInputs: [1, 2]);

        table.Add("Conv", [1, 11, 22], Conv.Compile);
        table.Add("Gemm", [7, 9, 11, 13], Gemm.Compile);
        table.Add("MatMul", [1, 9, 13], MatMul.Compile);

        table.Add("MaxPool", [1, 8, 10, 11, 12, 22], Pool.Max);
        table.Add("AveragePool", [1, 7, 10, 11, 19, 22], Pool.Average);
        table.Add("GlobalAveragePool", [1, 22], GlobalPool.Average);
        table.Add("GlobalMaxPool", [1, 22], GlobalPool.Max);

        table.Add("BatchNormalization", [7, 9, 14, 15], BatchNormalization.Compile, stateInputs: [3, 4]);
        table.Add("Dropout", [6, 7, 10], Dropout.CompileAttribute);
        table.Add("Dropout", [12, 13, 22], Dropout.CompileInput, fixedInputs: [1, 2]);

        table.Add("Constant", [1, 9, 11, 12, 13, 19, 21, 23], Constant.Compile);
        table.Add("Identity", [1, 13, 14, 16, 19, 21, 23], Identity.Compile);
        table.Add("Flatten", [1, 9, 11, 13, 21, 23], Flatten.Compile);
        table.Add("Reshape", [5, 13, 14, 19, 21, 23], Reshape.Compile);
        table.Add("Squeeze", [1, 11], Squeeze.CompileAttribute);
        table.Add("Squeeze", [13, 21, 23], Squeeze.CompileInput);
        table.Add("Unsqueeze", [1, 11], Unsqueeze.CompileAttribute);
        table.Add("Unsqueeze", [13, 21, 23], Unsqueeze.CompileInput);
        table.Add("Transpose", [1, 13, 21, 23], Transpose.Compile);
        table.Add("Concat", [4, 11, 13], Concat.Compile);
        table.Add("Pad", 2, Pad.CompileAttribute);
        table.Add("Pad", [11, 13, 18, 19, 21, 23], Pad.CompileInput, fixedInputs: [2]);

        table.Add("ReduceMean", [1, 11, 13], ReduceMean.CompileAttribute);
        table.Add("ReduceMean", 18, ReduceMean.CompileInput);
        table.Add("Softmax", [1, 11], Softmax.Flattened);
        table.Add("Softmax", 13, Softmax.OneAxis);
        table.Add("LogSoftmax", [1, 11], Softmax.LogFlattened);
        table.Add("LogSoftmax", 13, Softmax.LogOneAxis);
        return table;
    }
}
