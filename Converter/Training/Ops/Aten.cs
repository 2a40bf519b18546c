using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// The arithmetic that kernels are written in: one line an operator of libtorch. Every result belongs to the frame, which frees
/// it when the node is done.
/// </summary>
internal static class Aten
{
    private static readonly Operator AddOp = new("aten::add", "Tensor");
    private static readonly Operator AddNumberOp = new("aten::add", "Scalar");
    private static readonly Operator SubOp = new("aten::sub", "Tensor");
    private static readonly Operator RsubOp = new("aten::rsub", "Scalar");
    private static readonly Operator MulOp = new("aten::mul", "Tensor");
    private static readonly Operator MulNumberOp = new("aten::mul", "Scalar");
    private static readonly Operator DivOp = new("aten::div", "Tensor");
    private static readonly Operator DivRoundedOp = new("aten::div", "Tensor_mode");
    private static readonly Operator DivNumberRoundedOp = new("aten::div", "Scalar_mode");
    private static readonly Operator RemainderNumberOp = new("aten::remainder", "Scalar");
    private static readonly Operator PowNumberOp = new("aten::pow", "Tensor_Scalar");
    private static readonly Operator AbsOp = new("aten::abs");
    private static readonly Operator ExpOp = new("aten::exp");
    private static readonly Operator SqrtOp = new("aten::sqrt");
    private static readonly Operator RsqrtOp = new("aten::rsqrt");
    private static readonly Operator LogOp = new("aten::log");
    private static readonly Operator TanhOp = new("aten::tanh");
    private static readonly Operator SigmoidOp = new("aten::sigmoid");
    private static readonly Operator RoundOp = new("aten::round");
    private static readonly Operator ClampOp = new("aten::clamp");
    private static readonly Operator MatMulOp = new("aten::matmul");
    private static readonly Operator SumOp = new("aten::sum", "dim_IntList");
    private static readonly Operator MeanOp = new("aten::mean", "dim");
    private static readonly Operator ToTypeOp = new("aten::to", "dtype");
    private static readonly Operator ReshapeOp = new("aten::reshape");
    private static readonly Operator PermuteOp = new("aten::permute");
    private static readonly Operator ExpandOp = new("aten::expand");
    private static readonly Operator UnsqueezeOp = new("aten::unsqueeze");
    private static readonly Operator TransposeOp = new("aten::transpose", "int");
    private static readonly Operator FlipOp = new("aten::flip");
    private static readonly Operator CatOp = new("aten::cat");
    private static readonly Operator StackOp = new("aten::stack");
    private static readonly Operator SelectOp = new("aten::select", "int");
    private static readonly Operator SliceOp = new("aten::slice", "Tensor");
    private static readonly Operator IndexSelectOp = new("aten::index_select");
    private static readonly Operator WhereOp = new("aten::where", "self");
    private static readonly Operator WhereNumberOp = new("aten::where", "ScalarOther");
    private static readonly Operator EqualOp = new("aten::eq", "Tensor");
    private static readonly Operator LessOp = new("aten::lt", "Tensor");
    private static readonly Operator LessNumberOp = new("aten::lt", "Scalar");
    private static readonly Operator GreaterNumberOp = new("aten::gt", "Scalar");
    private static readonly Operator ArangeOp = new("aten::arange");
    private static readonly Operator PadOp = new("aten::constant_pad_nd");
    private static readonly Operator SoftmaxOp = new("aten::softmax", "int");
    private static readonly Operator NotOp = new("aten::logical_not");
    private static readonly Operator OnesOp = new("aten::ones_like");
    private static readonly Operator ZerosOp = new("aten::zeros_like");

    public static Tensor Add(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(AddOp, a, b);

    public static Tensor Add(this KernelFrame frame, Tensor a, Argument number) => frame.Run(AddNumberOp, a, number);

    public static Tensor Subtract(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(SubOp, a, b);

    /// <summary>number − a.</summary>
    public static Tensor SubtractFrom(this KernelFrame frame, Argument number, Tensor a) => frame.Run(RsubOp, a, number);

    public static Tensor Multiply(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(MulOp, a, b);

    public static Tensor Multiply(this KernelFrame frame, Tensor a, Argument number) => frame.Run(MulNumberOp, a, number);

    public static Tensor Divide(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(DivOp, a, b);

    /// <summary>The quotient of whole numbers, rounded towards zero.</summary>
    public static Tensor DivideWhole(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(DivRoundedOp, a, b, "trunc");

    /// <summary>The quotient of whole numbers, rounded down.</summary>
    public static Tensor DivideDown(this KernelFrame frame, Tensor a, long number) => frame.Run(DivNumberRoundedOp, a, number, "floor");

    public static Tensor Remainder(this KernelFrame frame, Tensor a, long number) => frame.Run(RemainderNumberOp, a, number);

    public static Tensor Power(this KernelFrame frame, Tensor a, Argument number) => frame.Run(PowNumberOp, a, number);

    public static Tensor Abs(this KernelFrame frame, Tensor a) => frame.Run(AbsOp, a);

    public static Tensor Exp(this KernelFrame frame, Tensor a) => frame.Run(ExpOp, a);

    public static Tensor SquareRoot(this KernelFrame frame, Tensor a) => frame.Run(SqrtOp, a);

    public static Tensor InverseSquareRoot(this KernelFrame frame, Tensor a) => frame.Run(RsqrtOp, a);

    public static Tensor Log(this KernelFrame frame, Tensor a) => frame.Run(LogOp, a);

    public static Tensor Tanh(this KernelFrame frame, Tensor a) => frame.Run(TanhOp, a);

    public static Tensor Sigmoid(this KernelFrame frame, Tensor a) => frame.Run(SigmoidOp, a);

    /// <summary>To the nearest whole number, halves to the even one.</summary>
    public static Tensor Round(this KernelFrame frame, Tensor a) => frame.Run(RoundOp, a);

    public static Tensor Clamp(this KernelFrame frame, Tensor a, Argument least, Argument most) => frame.Run(ClampOp, a, least, most);

    public static Tensor MatMul(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(MatMulOp, a, b);

    public static Tensor Sum(this KernelFrame frame, Tensor a, long[] axes, bool keep) => frame.Run(SumOp, a, axes, keep, a.Type);

    public static Tensor Mean(this KernelFrame frame, Tensor a, long[] axes, bool keep) => frame.Run(MeanOp, a, axes, keep);

    public static Tensor To(this KernelFrame frame, Tensor a, DataType type) => frame.Run(ToTypeOp, a, type);

    public static Tensor Reshape(this KernelFrame frame, Tensor a, params long[] shape) => frame.Run(ReshapeOp, a, shape);

    public static Tensor Permute(this KernelFrame frame, Tensor a, params long[] order) => frame.Run(PermuteOp, a, order);

    public static Tensor Expand(this KernelFrame frame, Tensor a, params long[] shape) => frame.Run(ExpandOp, a, shape);

    public static Tensor Unsqueeze(this KernelFrame frame, Tensor a, long axis) => frame.Run(UnsqueezeOp, a, axis);

    public static Tensor Swap(this KernelFrame frame, Tensor a, long axis, long other) => frame.Run(TransposeOp, a, axis, other);

    public static Tensor Flip(this KernelFrame frame, Tensor a, params long[] axes) => frame.Run(FlipOp, a, axes);

    public static Tensor Concatenate(this KernelFrame frame, long axis, params Tensor[] parts) => frame.Run(CatOp, parts, axis);

    public static Tensor Stack(this KernelFrame frame, long axis, params Tensor[] parts) => frame.Run(StackOp, parts, axis);

    public static Tensor Select(this KernelFrame frame, Tensor a, long axis, long index) => frame.Run(SelectOp, a, axis, index);

    public static Tensor Slice(this KernelFrame frame, Tensor a, long axis, long start, long end, long step = 1) => frame.Run(SliceOp, a, axis, start, end, step);

    public static Tensor IndexSelect(this KernelFrame frame, Tensor a, long axis, Tensor index) => frame.Run(IndexSelectOp, a, axis, index);

    public static Tensor Where(this KernelFrame frame, Tensor condition, Tensor a, Tensor b) => frame.Run(WhereOp, condition, a, b);

    public static Tensor Where(this KernelFrame frame, Tensor condition, Tensor a, Argument number) => frame.Run(WhereNumberOp, condition, a, number);

    public static Tensor AreEqual(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(EqualOp, a, b);

    public static Tensor IsLess(this KernelFrame frame, Tensor a, Tensor b) => frame.Run(LessOp, a, b);

    public static Tensor IsLess(this KernelFrame frame, Tensor a, Argument number) => frame.Run(LessNumberOp, a, number);

    public static Tensor IsGreater(this KernelFrame frame, Tensor a, Argument number) => frame.Run(GreaterNumberOp, a, number);

    public static Tensor Not(this KernelFrame frame, Tensor a) => frame.Run(NotOp, a);

    /// <summary>0, 1, … below a number, as int64.</summary>
    public static Tensor Count(this KernelFrame frame, long end) => frame.Run(ArangeOp, end, DataType.Int64, Argument.None, frame.Device);

    /// <summary>Adds (or cuts, where negative) elements at both ends of the last axes, the last axis first.</summary>
    public static Tensor Pad(this KernelFrame frame, Tensor a, long[] pads, Argument value) => frame.Run(PadOp, a, pads, value);

    public static Tensor Softmax(this KernelFrame frame, Tensor a, long axis) => frame.Run(SoftmaxOp, a, axis);

    public static Tensor OnesLike(this KernelFrame frame, Tensor a) => frame.Run(OnesOp, a);

    public static Tensor ZerosLike(this KernelFrame frame, Tensor a) => frame.Run(ZerosOp, a);

    /// <summary>Whole numbers as a tensor of one axis.</summary>
    public static Tensor Integers(this KernelFrame frame, params ReadOnlySpan<long> values) =>
        frame.Hold(Tensor.From(values, [values.Length], frame.Device));

    /// <summary>Indices with the negative ones, which count from the end, turned into places.</summary>
    public static Tensor Places(this KernelFrame frame, Tensor indices, long size)
    {
        Tensor wide = indices.Type == DataType.Int64 ? indices : frame.To(indices, DataType.Int64);
        return frame.Where(frame.IsLess(wide, 0), frame.Add(wide, size), wide);
    }
}
