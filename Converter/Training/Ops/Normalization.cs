using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Normalisations by the statistics of the input itself: over layers, groups, channels, neighbours, axes.</summary>
internal static class Normalization
{
    private static readonly Operator InstanceNorm = new("aten::instance_norm");
    private static readonly Operator LayerNorm = new("aten::layer_norm");
    private static readonly Operator GroupNorm = new("aten::group_norm");
    private static readonly Operator RepeatInterleave = new("aten::repeat_interleave", "self_int");
    private static readonly Operator AveragePool = new("aten::avg_pool2d");
    private static readonly Operator NormOperator = new("aten::linalg_vector_norm");

    /// <summary>Each channel of each image by its own mean and variance.</summary>
    public static Kernel Instance(NodeContext node)
    {
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        return frame => frame.Output(InstanceNorm.Call(
            frame.Input(0), frame.Input(1), frame.Input(2), Argument.None, Argument.None, true, 0, epsilon, false));
    }

    /// <summary>The axes from one on by their mean and variance, which are outputs too (Ba et al. 2016).</summary>
    public static Kernel Layer(NodeContext node)
    {
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        long axisAttribute = node.Attributes.GetInt("axis", -1);
        bool givesStatistics = node.IsOutputUsed(1) || node.IsOutputUsed(2);
        return frame =>
        {
            Tensor x = frame.Input(0);
            long[] shape = x.Shape;
            long[] normalised = shape[NodeContext.Axis(axisAttribute, shape.Length)..];
            Tensor scale = frame.Input(1);
            Tensor? bias = frame.OptionalInput(2);
            if (givesStatistics)
            {
                LayerWithStatistics(frame, x, scale, bias, normalised.Length, epsilon);
                return;
            }
            bool fits = scale.Shape.AsSpan().SequenceEqual(normalised) && (bias is null || bias.Shape.AsSpan().SequenceEqual(normalised));
            Tensor y = frame.Run(LayerNorm, x, normalised, fits ? scale : null, fits ? bias : null, epsilon);
            if (!fits)
            {
                y = frame.Multiply(y, scale);
                y = bias is null ? y : frame.Add(y, bias);
            }
            frame.Output(y);
        };
    }

    // libtorch gives the statistics out too, but no gradient flows through them there.
    private static void LayerWithStatistics(KernelFrame frame, Tensor x, Tensor scale, Tensor? bias, int axes, double epsilon)
    {
        int rank = x.Rank;
        long[] over = Reduction.AllAxes(rank, rank - axes);
        Tensor mean = frame.Mean(x, over, true);
        Tensor centred = frame.Subtract(x, mean);
        Tensor inverse = frame.InverseSquareRoot(frame.Add(frame.Mean(frame.Multiply(centred, centred), over, true), epsilon));
        Tensor y = frame.Multiply(frame.Multiply(centred, inverse), scale);
        frame.Output(bias is null ? y : frame.Add(y, bias));
        frame.Output(mean, 1);
        frame.Output(inverse, 2);
    }

    /// <summary>Groups of channels by their mean and variance (Wu and He 2018).</summary>
    /// <param name="scalesGroups">Whether scale and bias have a number for each group rather than for each channel.</param>
    public static KernelFactory Group(bool scalesGroups) => node =>
    {
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        long groups = node.Attributes.Contains("num_groups") ? node.Attributes.GetInt("num_groups", 1) : throw node.Unsupported("the attribute num_groups is missing");
        return frame =>
        {
            Tensor scale = frame.Input(1);
            Tensor bias = frame.Input(2);
            long each = frame.Input(0).Shape[1] / groups;
            if (scalesGroups && each > 1)
            {
                scale = frame.Run(RepeatInterleave, scale, each, 0);
                bias = frame.Run(RepeatInterleave, bias, each, 0);
            }
            frame.Output(GroupNorm.Call(frame.Input(0), groups, scale, bias, epsilon, false));
        };
    };

    /// <summary>The axes from one on by the root of their mean square (Zhang and Sennrich 2019).</summary>
    public static Kernel RootMeanSquare(NodeContext node)
    {
        double epsilon = node.Attributes.GetFloat("epsilon", 1e-5f);
        long axisAttribute = node.Attributes.GetInt("axis", -1);
        return frame =>
        {
            Tensor x = frame.Input(0);
            int rank = x.Rank;
            Tensor square = frame.Mean(frame.Multiply(x, x), Reduction.AllAxes(rank, NodeContext.Axis(axisAttribute, rank)), true);
            frame.Output(frame.Multiply(frame.Multiply(x, frame.InverseSquareRoot(frame.Add(square, epsilon))), frame.Input(1)));
        };
    }

    /// <summary>Each element by the squares of its neighbours in the channels around (Krizhevsky et al. 2012).</summary>
    public static Kernel LocalResponse(NodeContext node)
    {
        double alpha = node.Attributes.GetFloat("alpha", 1e-4f);
        double beta = node.Attributes.GetFloat("beta", 0.75f);
        double bias = node.Attributes.GetFloat("bias", 1);
        long size = node.Attributes.Contains("size") ? node.Attributes.GetInt("size", 1) : throw node.Unsupported("the attribute size is missing");
        return frame =>
        {
            Tensor x = frame.Input(0);
            long[] shape = x.Shape;
            Tensor planes = frame.Reshape(frame.Multiply(x, x), shape[0], 1, shape[1], -1);
            Tensor padded = frame.Pad(planes, [0, 0, (size - 1) / 2, size / 2], 0);
            Tensor mean = frame.Reshape(frame.Run(AveragePool, padded, (long[])[size, 1], (long[])[1, 1]), shape);
            frame.Output(frame.Divide(x, frame.Power(frame.Add(frame.Multiply(mean, alpha), bias), beta)));
        };
    }

    /// <summary>(x − mean) / standard deviation over axes.</summary>
    public static Kernel MeanVariance(NodeContext node)
    {
        long[] axes = node.Attributes.GetInts("axes", [0, 2, 3]);
        return frame =>
        {
            Tensor x = frame.Input(0);
            Tensor centred = frame.Subtract(x, frame.Mean(x, axes, true));
            Tensor deviation = frame.SquareRoot(frame.Mean(frame.Multiply(centred, centred), axes, true));
            frame.Output(frame.Divide(centred, frame.Add(deviation, 1e-9)));
        };
    }

    /// <summary>x divided by its norm along an axis; slices of zeros stay as they are.</summary>
    public static Kernel Lp(NodeContext node)
    {
        long axis = node.Attributes.GetInt("axis", -1);
        long power = node.Attributes.GetInt("p", 2);
        return frame =>
        {
            Tensor norm = frame.Run(NormOperator, frame.Input(0), power, new[] { axis }, true);
            frame.Output(frame.Divide(frame.Input(0), frame.Where(frame.IsGreater(norm, 0), norm, 1.0)));
        };
    }
}
