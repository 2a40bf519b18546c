using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Functions of one tensor, element by element.</summary>
internal static class Unary
{
    private static readonly Operator EluOperator = new("aten::elu");
    private static readonly Operator GeluOperator = new("aten::gelu");
    private static readonly Operator HardSigmoidOperator = new("aten::hardsigmoid");
    private static readonly Operator PReluOperator = new("aten::prelu");
    private static readonly Operator LeakyReluOperator = new("aten::leaky_relu");
    private static readonly Operator LeakyReluInPlace = new("aten::leaky_relu_");
    private static readonly Operator SoftplusOperator = new("aten::softplus");
    private static readonly Operator ThresholdOperator = new("aten::threshold");

    public static KernelFactory Of(string name)
    {
        var op = new Operator(name);
        return _ => frame => frame.Output(op.Call(frame.Input(0)));
    }

    /// <summary>In place where nobody sees the difference, for functions whose gradient needs only their result.</summary>
    public static KernelFactory OverwritingOf(string name)
    {
        var op = new Operator(name);
        var overwriting = new Operator(name + "_");
        return node =>
        {
            Operator used = node.MayOverwriteInput ? overwriting : op;
            return frame => frame.Output(used.Call(frame.Input(0)));
        };
    }

    /// <summary>log(1 + eˣ).</summary>
    public static Kernel Softplus(NodeContext node) =>
        // Beyond the threshold libtorch returns x itself; at 88 float32 cannot tell the difference.
        static frame => frame.Output(SoftplusOperator.Call(frame.Input(0), 1, 88));

    /// <summary>x / (1 + |x|).</summary>
    public static Kernel Softsign(NodeContext node) => static frame =>
    {
        Tensor x = frame.Input(0);
        frame.Output(frame.Divide(x, frame.Add(frame.Abs(x), 1)));
    };

    /// <summary>x for x ≥ 0, α(eˣ − 1) below.</summary>
    public static Kernel Elu(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        return frame => frame.Output(EluOperator.Call(frame.Input(0), alpha));
    }

    /// <summary>γ·x for x &gt; 0, γ·α(eˣ − 1) below.</summary>
    public static Kernel Selu(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1.67326319217681884765625f);
        double gamma = node.Attributes.GetFloat("gamma", 1.05070102214813232421875f);
        return frame => frame.Output(EluOperator.Call(frame.Input(0), alpha, gamma));
    }

    /// <summary>x for x ≥ 0, α(eˣᐟᵅ − 1) below.</summary>
    public static Kernel Celu(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        return frame => frame.Output(EluOperator.Call(frame.Input(0), alpha, 1, 1 / alpha));
    }

    /// <summary>x · Φ(x), exact or by the approximation with tanh.</summary>
    public static Kernel Gelu(NodeContext node)
    {
        string approximate = node.Attributes.GetString("approximate", "none");
        return frame => frame.Output(GeluOperator.Call(frame.Input(0), approximate));
    }

    /// <summary>x · σ(αx).</summary>
    public static Kernel Swish(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        return frame =>
        {
            Tensor x = frame.Input(0);
            frame.Output(frame.Multiply(x, frame.Sigmoid(alpha == 1 ? x : frame.Multiply(x, alpha))));
        };
    }

    /// <summary>max(0, min(1, αx + β)).</summary>
    public static Kernel HardSigmoid(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 0.2f);
        double beta = node.Attributes.GetFloat("beta", 0.5f);
        // libtorch has a kernel of its own for the slope that networks for small machines use.
        return (float)alpha == 1f / 6 && beta == 0.5
            ? static frame => frame.Output(HardSigmoidOperator.Call(frame.Input(0)))
            : frame => frame.Output(frame.Clamp(frame.Add(frame.Multiply(frame.Input(0), alpha), beta), 0, 1));
    }

    /// <summary>x for x ≥ 0, αx below.</summary>
    public static Kernel LeakyRelu(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 0.01f);
        // The gradient in place looks at the sign of the result, which a negative slope would turn.
        Operator op = node.MayOverwriteInput && alpha > 0 ? LeakyReluInPlace : LeakyReluOperator;
        return frame => frame.Output(op.Call(frame.Input(0), alpha));
    }

    /// <summary>x where x &gt; α, 0 elsewhere.</summary>
    public static Kernel ThresholdedRelu(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1);
        return frame => frame.Output(ThresholdOperator.Call(frame.Input(0), alpha, 0));
    }

    /// <summary>x ∓ bias outside of ±λ, 0 inside.</summary>
    public static Kernel Shrink(NodeContext node)
    {
        double bias = node.Attributes.GetFloat("bias", 0);
        double lambda = node.Attributes.GetFloat("lambd", 0.5f);
        return frame =>
        {
            Tensor x = frame.Input(0);
            Tensor above = frame.Where(frame.IsGreater(x, lambda), frame.Add(x, -bias), frame.ZerosLike(x));
            Tensor result = frame.Where(frame.IsLess(x, -lambda), frame.Add(x, bias), above);
            frame.Output(result.Type == x.Type ? result : frame.To(result, x.Type));
        };
    }

    /// <summary>x for x ≥ 0, slope·x below, with a slope of its own for each channel or element.</summary>
    public static Kernel PRelu(NodeContext node) => static frame =>
    {
        Tensor x = frame.Input(0);
        Tensor slope = frame.Input(1);
        if (slope.Length == 1 || IsByChannel(x.Shape, slope.Shape))
        {
            frame.Output(PReluOperator.Call(x, frame.Reshape(slope, -1)));
            return;
        }
        frame.Output(frame.Where(frame.IsLess(x, 0), frame.Multiply(x, frame.Input(1)), x));
    };

    /// <summary>Whether elements are infinite, of the signs that are asked for.</summary>
    public static Kernel IsInf(NodeContext node)
    {
        bool negative = node.Attributes.GetInt("detect_negative", 1) != 0;
        bool positive = node.Attributes.GetInt("detect_positive", 1) != 0;
        var op = new Operator(negative && positive ? "aten::isinf" : negative ? "aten::isneginf" : "aten::isposinf");
        if (!negative && !positive)
        {
            return static frame => frame.Output(frame.To(frame.ZerosLike(frame.Input(0)), DataType.Bool));
        }
        return frame => frame.Output(op.Call(frame.Input(0)));
    }

    /// <summary>The input itself.</summary>
    public static Kernel Identity(NodeContext node) => static frame => frame.Output(frame.Input(0).Share());

    /// <summary>Whether a tensor that broadcasts has one number for each channel of [N,C,…].</summary>
    private static bool IsByChannel(long[] shape, long[] other)
    {
        if (shape.Length < 2 || other.Length != shape.Length - 1 || other[0] != shape[1])
        {
            return false;
        }
        return Array.TrueForAll(other[1..], size => size == 1);
    }
}
