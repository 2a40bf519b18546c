using Edge.Torch;
using Edge.Training.Losses;

namespace Edge.Training.Tests;

/// <summary>Every loss against its formula in double, and its gradient against finite differences.</summary>
[Collection(nameof(TorchCollection))]
public sealed class LossTests
{
    private const int Rows = 4;
    private const int Columns = 3;
    private static readonly double[] Outputs = [0.3, -1.2, 2.0, 0.7, 0.1, -0.4, -2.0, 1.5, 0.6, 0.9, -0.3, 0.2];
    private static readonly double[] Targets = [0.1, 0.6, 0.3, 1.0, 0.0, 0.0, 0.2, 0.2, 0.6, 0.0, 0.5, 0.5];
    private static readonly long[] Classes = [2, 0, 1, 1];
    private static readonly double[] Weights = [0.5, 1.0, 2.0];

    private static Func<Loss> Make(string name) => name switch
    {
        "cross-entropy" => () => new CrossEntropy(),
        "smooth" => () => new CrossEntropy(0.2),
        "weighted" => () => new CrossEntropy(0, Weights),
        "soft" => () => new CrossEntropy(),
        "focal" => () => new Focal(),
        "focal-weighted" => () => new Focal(1.5, Weights),
        "bce" => () => new BinaryCrossEntropy(),
        "bce-weighted" => () => new BinaryCrossEntropy(true, Weights),
        "bce-classes" => () => new BinaryCrossEntropy(),
        "mse" => () => new MeanSquaredError(),
        "mae" => () => new MeanAbsoluteError(),
        "huber" => () => new Huber(0.8),
        _ => () => new Distillation(3),
    };

    [Theory]
    [InlineData("cross-entropy", true)]
    [InlineData("smooth", true)]
    [InlineData("weighted", true)]
    [InlineData("soft", false)]
    [InlineData("focal", true)]
    [InlineData("focal-weighted", true)]
    [InlineData("bce", false)]
    [InlineData("bce-weighted", false)]
    [InlineData("bce-classes", true)]
    [InlineData("mse", false)]
    [InlineData("mae", false)]
    [InlineData("huber", false)]
    [InlineData("distillation", false)]
    public void Compute_Batch_FollowsFormulaAndFiniteDifferences(string name, bool classes)
    {
        using Loss loss = Make(name)();
        using Tensor target = classes ? Tensor.From<long>(Classes, [Rows]) : Tensor.From<float>(Floats(Targets), [Rows, Columns]);
        using Tensor output = Tensor.From<float>(Floats(Outputs), [Rows, Columns]);
        output.RequiresGrad = true;
        using Tensor value = loss.Compute(output, target);
        Assert.Equal(Formula(name, Outputs), value.Item(), 1e-5);
        value.Backward();
        using Tensor gradient = output.Gradient()!;
        float[] actual = gradient.ToArray<float>();
        const double Step = 1e-5;
        for (int i = 0; i < Outputs.Length; i++)
        {
            double[] up = [.. Outputs], down = [.. Outputs];
            up[i] += Step;
            down[i] -= Step;
            Assert.Equal((Formula(name, up) - Formula(name, down)) / (2 * Step), actual[i], 1e-5);
        }
    }

    [Fact]
    public void Compute_OneColumnOfTwoClasses_TakesClassesAsTheyAre()
    {
        using var loss = new BinaryCrossEntropy();
        using Tensor output = Tensor.From<float>([0.5f, -1f], [2, 1]);
        using Tensor target = Tensor.From<long>([1, 0], [2]);
        using Tensor value = loss.Compute(output, target);
        Assert.Equal((Math.Log(1 + Math.Exp(-0.5)) + Math.Log(1 + Math.Exp(-1))) / 2, value.Item(), 1e-6);
    }

    [Fact]
    public void Compute_Probabilities_NeedNoLogits()
    {
        using var loss = new BinaryCrossEntropy(logits: false);
        using Tensor output = Tensor.From<float>([0.8f, 0.3f], [2, 1]);
        using Tensor target = Tensor.From<float>([1, 0], [2, 1]);
        using Tensor value = loss.Compute(output, target);
        Assert.Equal(-(Math.Log(0.8) + Math.Log(0.7)) / 2, value.Item(), 1e-6);
    }

    [Fact]
    public void Compute_ManyTimes_LeavesNoTensor()
    {
        long before = Libtorch.LiveTensors;
        foreach (string name in (string[])["weighted", "focal-weighted", "bce-classes", "huber", "distillation"])
        {
            using Loss loss = Make(name)();
            bool classes = name is not ("huber" or "distillation");
            using Tensor target = classes ? Tensor.From<long>(Classes, [Rows]) : Tensor.From<float>(Floats(Targets), [Rows, Columns]);
            using Tensor output = Tensor.From<float>(Floats(Outputs), [Rows, Columns]);
            using Tensor first = loss.Compute(output, target);
            using Tensor second = loss.Compute(output, target);
        }
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    [Fact]
    public void Constructors_OutOfRange_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy(0, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Focal(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Huber(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Distillation(0));
        Assert.Throws<ArgumentException>(() => new BinaryCrossEntropy(logits: false, [1]));
    }

    private static double Formula(string name, double[] outputs)
    {
        double sum = 0, weights = 0;
        for (int row = 0; row < Rows; row++)
        {
            double[] y = outputs[(row * Columns)..((row + 1) * Columns)];
            double[] t = Targets[(row * Columns)..((row + 1) * Columns)];
            int label = (int)Classes[row];
            double[] p = Softmax(y, 1);
            switch (name)
            {
                case "cross-entropy":
                    sum -= Math.Log(p[label]);
                    weights++;
                    break;
                case "smooth":
                    sum -= (0.8 * Math.Log(p[label])) + (0.2 * p.Average(Math.Log));
                    weights++;
                    break;
                case "weighted":
                    sum -= Weights[label] * Math.Log(p[label]);
                    weights += Weights[label];
                    break;
                case "soft":
                    sum -= t.Zip(p, (target, share) => target * Math.Log(share)).Sum();
                    weights++;
                    break;
                case "focal":
                    sum -= Math.Pow(1 - p[label], 2) * Math.Log(p[label]);
                    weights++;
                    break;
                case "focal-weighted":
                    sum -= Weights[label] * Math.Pow(1 - p[label], 1.5) * Math.Log(p[label]);
                    weights++;
                    break;
                case "distillation":
                    double[] student = Softmax(y, 3), teacher = Softmax(t, 3);
                    sum += 9 * teacher.Zip(student, (a, b) => a * Math.Log(a / b)).Sum();
                    weights++;
                    break;
                default:
                    for (int column = 0; column < Columns; column++)
                    {
                        double target = name == "bce-classes" ? (column == label ? 1 : 0) : t[column];
                        sum += Element(name, y[column], target, Weights[column]);
                        weights++;
                    }
                    break;
            }
        }
        return sum / weights;
    }

    private static double Element(string name, double y, double t, double weight)
    {
        double error = Math.Abs(y - t);
        double p = 1 / (1 + Math.Exp(-y));
        return name switch
        {
            "mse" => error * error,
            "mae" => error,
            "huber" => error <= 0.8 ? error * error / 2 : 0.8 * (error - 0.4),
            "bce-weighted" => -(weight * t * Math.Log(p)) - ((1 - t) * Math.Log(1 - p)),
            _ => -(t * Math.Log(p)) - ((1 - t) * Math.Log(1 - p)),
        };
    }

    private static double[] Softmax(double[] values, double temperature)
    {
        double[] powers = [.. values.Select(value => Math.Exp(value / temperature))];
        double sum = powers.Sum();
        return [.. powers.Select(power => power / sum)];
    }

    private static float[] Floats(double[] values) => [.. values.Select(value => (float)value)];
}
