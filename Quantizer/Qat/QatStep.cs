using Edge.Graph;
using Edge.Torch;
using Edge.Training;

namespace Edge.Quantizer.Qat;

/// <summary>One step of training towards a teacher: forward, distance of the outputs, backward, Adam.</summary>
internal sealed class QatStep : IDisposable
{
    private const int Mean = 1;
    private const double LeastVariance = 1e-12;
    private static readonly Operator ZerosLike = new("aten::zeros_like");
    private static readonly Operator SquaredError = new("aten::mse_loss");
    private static readonly Operator Variance = new("aten::var");
    private static readonly Operator Divide = new("aten::div", "Scalar");
    private static readonly Operator Add = new("aten::add", "Tensor");
    private static readonly Operator MeanSize = new("aten::abs");
    private static readonly Operator MeanOf = new("aten::mean");

    // A scale serves thousands of values, a weight a few: LSQ divides the gradient of scales, which Adam would undo.
    private const double ScaleRate = 0.3;

    private readonly List<Tensor> _moments = [];
    private readonly ParameterSet _set;
    private long _step;

    internal QatStep(IReadOnlyList<Parameter> parameters, IReadOnlySet<string> scales)
    {
        Tensor[] first = [.. parameters.Select(Zeros)];
        Tensor[] second = [.. parameters.Select(Zeros)];
        // Every parameter moves by a share of its own size.
        _set = new ParameterSet([.. parameters.Select(parameter => parameter.Value)], first, second, [.. parameters.Select(parameter => new ParameterScale(Size(parameter.Value) * (scales.Contains(parameter.Name) ? ScaleRate : 1), 0))]);
    }

    internal double Run(GraphExecutor teacher, GraphExecutor student, IReadOnlyDictionary<string, OnnxTensor> batch, double rate, double beta1, double beta2, double epsilon)
    {
        Tensor[] inputs = [.. student.Inputs.Select(input => TensorConversion.ToTorch(
            batch.GetValueOrDefault(input.Name) ?? throw new QuantizationException($"the training set has nothing for input '{input.Name}'; give all inputs of the model"), input.Name))];
        Tensor[] lesson = [];
        Tensor[] answers = [];
        Tensor? loss = null;
        try
        {
            lesson = teacher.Run(inputs, RunMode.Inference);
            answers = student.Run(inputs, RunMode.Training);
            for (int output = 0; output < answers.Length; output++)
            {
                if (answers[output].Type.IsFloatingPoint())
                {
                    using Tensor distance = Distance(answers[output], lesson[output]);
                    Tensor sum = loss is null ? distance.Share() : Add.Call(loss, distance, 1);
                    loss?.Dispose();
                    loss = sum;
                }
            }
            if (loss is null)
            {
                throw new QuantizationException("no output of the model is a float tensor, so there is nothing to train by");
            }
            loss.Backward();
            _set.StepAdam(++_step, rate, beta1, beta2, epsilon, 0, decoupled: false);
            _set.ClearGradients();
            return loss.Item();
        }
        finally
        {
            loss?.Dispose();
            Array.ForEach(inputs, tensor => tensor.Dispose());
            Array.ForEach(lesson, tensor => tensor.Dispose());
            Array.ForEach(answers, tensor => tensor.Dispose());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _moments.ForEach(tensor => tensor.Dispose());

    // The squared error as a share of the teacher's variance: outputs of any size count alike.
    private static Tensor Distance(Tensor answer, Tensor lesson)
    {
        double variance = LeastVariance;
        if (lesson.Length > 1)
        {
            using Tensor spread = Variance.Call(lesson, true);
            variance = Math.Max(variance, spread.Item());
        }
        using Tensor error = SquaredError.Call(answer, lesson, Mean);
        return Divide.Call(error, variance);
    }

    private Tensor Zeros(Parameter parameter)
    {
        Tensor moment = ZerosLike.Call(parameter.Value);
        _moments.Add(moment);
        return moment;
    }

    private static double Size(Tensor value)
    {
        using NoGrad scope = NoGrad.Enter();
        using Tensor sizes = MeanSize.Call(value);
        using Tensor mean = MeanOf.Call(sizes, Argument.Default);
        return Math.Max(mean.Item(), 1e-6);
    }
}
