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

    [Theory]
    [InlineData(false, 0.0, 0.0)]
    [InlineData(false, 0.9, 0.01)]
    [InlineData(true, 0.0, 0.01)]
    [InlineData(true, 0.9, 0.0)]
    public void StepRmsProp_FiveSteps_FollowsTheFormula(bool wide, double momentum, double decay)
    {
        double[] expected = Start();
        double[] squares = new double[Length];
        double[] buffer = new double[Length];
        for (int step = 1; step <= Steps; step++)
        {
            for (int i = 0; i < Length; i++)
            {
                double g = Gradient(i, step) + decay * expected[i];
                squares[i] = 0.9 * squares[i] + 0.1 * g * g;
                buffer[i] = momentum * buffer[i] + g / (Math.Sqrt(squares[i]) + 1e-6);
                expected[i] -= 0.01 * buffer[i];
            }
        }
        Compare(wide, expected, (set, _) => set.StepRmsProp(0.01, 0.9, 1e-6, momentum, decay));
    }

    [Theory]
    [InlineData(DataType.Float32)]
    [InlineData(DataType.Float64)]
    public void Step_Scales_MultiplyRateAndDecayOfEachParameter(DataType type)
    {
        using Tensor wide = Tensor.From<double>([2, 2], [2]);
        using Tensor one = new Operator("aten::to", "dtype").Call(wide, type, false, true);
        using Tensor two = new Operator("aten::to", "dtype").Call(wide, type, false, true);
        one.RequiresGrad = true;
        two.RequiresGrad = true;
        using Tensor sum = new Operator("aten::add", "Tensor").Call(one, two);
        using Tensor loss = new Operator("aten::sum").Call(sum);
        loss.Backward();
        var set = new ParameterSet([one, two], scales: [new ParameterScale(0.5, 0), new ParameterScale(1, 2)]);
        set.StepSgd(1, 0.1, 0, false, 0.5);
        using Tensor first = new Operator("aten::to", "dtype").Call(one, DataType.Float64);
        using Tensor second = new Operator("aten::to", "dtype").Call(two, DataType.Float64);
        // 2 - 0.1 * 0.5 * 1, and 2 - 0.1 * (1 + 0.5 * 2 * 2).
        Assert.All(first.ToArray<double>(), value => Assert.Equal(1.95, value, 1e-6));
        Assert.All(second.ToArray<double>(), value => Assert.Equal(1.7, value, 1e-6));
    }

    [Fact]
    public void Gradients_NormScaleAndClamp_ActOnAllTogether()
    {
        using Tensor one = Tensor.From<float>([0, 0], [2]);
        using Tensor two = Tensor.From<float>([0], [1]);
        one.RequiresGrad = true;
        two.RequiresGrad = true;
        using Tensor threes = new Operator("aten::mul", "Scalar").Call(one, 3);
        using Tensor sum = new Operator("aten::sum").Call(threes);
        using Tensor total = new Operator("aten::sub", "Tensor").Call(sum, two);
        using Tensor loss = new Operator("aten::sum").Call(total);
        loss.Backward();
        var set = new ParameterSet([one, two]);
        Assert.Equal(Math.Sqrt(19), set.GradientNorm(), 1e-6);
        set.ScaleGradients(0.5);
        set.ClampGradients(1);
        using Tensor first = one.Gradient()!;
        using Tensor second = two.Gradient()!;
        Assert.Equal([1f, 1f], first.ToArray<float>());
        Assert.Equal([-0.5f], second.ToArray<float>());
        set.ClearGradients();
        Assert.Equal(0, set.GradientNorm());
    }

    [Fact]
    public void Average_FollowsTheValues()
    {
        using Tensor value = Tensor.From<float>([4, 8], [2]);
        using Tensor average = Tensor.Zeros(DataType.Float32, [2]);
        var set = new ParameterSet([value], [average]);
        set.Average(0.75);
        Assert.Equal([1f, 2f], average.ToArray<float>());
        set.Average(0);
        Assert.Equal([4f, 8f], average.ToArray<float>());
    }

    [Fact]
    public void Autocast_MatrixProduct_ComputesInHalfAndGivesFullGradients()
    {
        using Tensor x = Tensor.From<float>([1.001f, 2, 3, 4], [2, 2]);
        using Tensor weight = Tensor.From<float>([1, 0, 0, 1], [2, 2]);
        weight.RequiresGrad = true;
        var product = new Operator("aten::mm");
        Tensor half;
        using (Autocast.Enter(Device.Cpu, DataType.BFloat16))
        {
            half = product.Call(x, weight);
        }
        using Tensor result = half;
        Assert.Equal(DataType.BFloat16, result.Type);
        using Tensor loss = new Operator("aten::sum").Call(result);
        loss.Backward();
        using Tensor gradient = weight.Gradient()!;
        Assert.Equal(DataType.Float32, gradient.Type);
        using Tensor plain = product.Call(x, weight);
        Assert.Equal(DataType.Float32, plain.Type);
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
