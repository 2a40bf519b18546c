namespace Edge.Torch.Tests;

/// <summary>The fused float pass and the foreach path (float64 takes it) against the textbook formulas in double.</summary>
[Collection(nameof(TorchCollection))]
public sealed class ParameterSetTests
{
    private const int Length = 40_000;
    private const int Steps = 5;

    [Theory]
    [InlineData(false, 0.0, false, 0.0)]
    [InlineData(false, 0.9, false, 0.01)]
    [InlineData(false, 0.9, true, 0.01)]
    [InlineData(true, 0.0, false, 0.01)]
    [InlineData(true, 0.9, false, 0.0)]
    [InlineData(true, 0.9, true, 0.01)]
    public void StepSgd_FiveSteps_FollowsTheFormula(bool wide, double momentum, bool nesterov, double decay)
    {
        double[] expected = Start();
        double[] buffer = new double[Length];
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                double g = Gradient(i, step) + decay * expected[i];
                buffer[i] = step == 1 ? g : momentum * buffer[i] + g;
                expected[i] -= 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * buffer[i] : buffer[i]);
            }
        }
        Compare(wide, expected, (set, step) => set.StepSgd(step, 0.1, momentum, nesterov, decay));
    }

    [Theory]
    [InlineData(false, 0.0, false)]
    [InlineData(false, 0.01, false)]
    [InlineData(false, 0.01, true)]
    [InlineData(true, 0.0, false)]
    [InlineData(true, 0.01, false)]
    [InlineData(true, 0.01, true)]
    public void StepAdam_FiveSteps_FollowsTheFormula(bool wide, double decay, bool decoupled)
    {
        double[] expected = Start();
        double[] first = new double[Length];
        double[] second = new double[Length];
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                double p = expected[i] * (decoupled ? 1 - 0.1 * decay : 1);
                double g = Gradient(i, step) + (decoupled ? 0 : decay * p);
                first[i] = 0.9 * first[i] + 0.1 * g;
                second[i] = 0.999 * second[i] + 0.001 * g * g;
                double m = first[i] / (1 - Math.Pow(0.9, step));
                double v = second[i] / (1 - Math.Pow(0.999, step));
                expected[i] = p - 0.1 * m / (Math.Sqrt(v) + 1e-8);
            }
        }
        Compare(wide, expected, (set, step) => set.StepAdam(step, 0.1, 0.9, 0.999, 1e-8, decay, decoupled));
    }

    [Fact]
    public void StepAdam_NoGradient_LeavesTheParameter()
    {
        using Tensor value = Tensor.From<float>([3], [1]);
        using Tensor first = Tensor.Zeros(DataType.Float32, [1]);
        using Tensor second = Tensor.Zeros(DataType.Float32, [1]);
        new ParameterSet([value], [first], [second]).StepAdam(1, 0.1, 0.9, 0.999, 1e-8, 0.1, decoupled: true);
        Assert.Equal([3f], value.ToArray<float>());
    }

    [Fact]
    public void StepAdam_ChannelsSideBySide_EqualsPlanar()
    {
        const int ChannelsLast = 2;
        float[] values = new float[2 * 3 * 4 * 5];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (i % 11) - 5;
        }
        Assert.Equal(Stepped(turned: false), Stepped(turned: true));

        float[] Stepped(bool turned)
        {
            using Tensor planar = Tensor.From<float>(values, [2, 3, 4, 5]);
            using Tensor value = turned
                ? new Operator("aten::to", "dtype_layout").Call(planar, Argument.Default, Argument.Default, Argument.Default, Argument.Default, false, false, ChannelsLast)
                : planar.Share();
            using Tensor first = new Operator("aten::zeros_like").Call(value);
            using Tensor second = new Operator("aten::zeros_like").Call(value);
            value.RequiresGrad = true;
            using Tensor square = new Operator("aten::mul", "Tensor").Call(value, value);
            using Tensor loss = new Operator("aten::sum").Call(square);
            loss.Backward();
            new ParameterSet([value], [first], [second]).StepAdam(1, 0.1, 0.9, 0.999, 1e-8, 0, false);
            return value.ToArray<float>();
        }
    }

    [Fact]
    public void StepAdam_WithoutMoments_Throws()
    {
        using Tensor value = Tensor.From<float>([3], [1]);
        value.RequiresGrad = true;
        using Tensor loss = new Operator("aten::sum").Call(value);
        loss.Backward();
        Assert.Throws<ArgumentException>(() => new ParameterSet([value]).StepAdam(1, 0.1, 0.9, 0.999, 1e-8, 0, false));
    }

    private static double[] Start()
    {
        double[] start = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            start[i] = i % 17 / 8.0 - 1;
        }
        return start;
    }

    private static double Gradient(int i, int step) => (i % 13 - 6) / 4.0 * step;

    private static void Compare(bool wide, double[] expected, Action<ParameterSet, int> step)
    {
        DataType type = wide ? DataType.Float64 : DataType.Float32;
        using Tensor source = Tensor.From<double>(Start(), [Length]);
        using Tensor value = new Operator("aten::to", "dtype").Call(source, type, false, true);
        using Tensor first = Tensor.Zeros(type, [Length]);
        using Tensor second = Tensor.Zeros(type, [Length]);
        value.RequiresGrad = true;
        var set = new ParameterSet([value], [first], [second]);
        for (int i = 1; i <= Steps; i++)
        {
            double[] gradient = new double[Length];
            for (int k = 0; k < Length; k++)
            {
                gradient[k] = Gradient(k, i);
            }
            using Tensor target = Tensor.From<double>(gradient, [Length]);
            using Tensor weight = new Operator("aten::to", "dtype").Call(target, type);
            using Tensor product = new Operator("aten::dot").Call(value, weight);
            product.Backward();
            step(set, i);
            set.ClearGradients();
        }
        using Tensor result = new Operator("aten::to", "dtype").Call(value, DataType.Float64);
        double[] actual = result.ToArray<double>();
        double tolerance = wide ? 1e-12 : 2e-6;
        for (int i = 0; i < Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {expected[i]} and {actual[i]}");
        }
    }
}
