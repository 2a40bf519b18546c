using Edge.Foundation;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Detection;
using Edge.Training.Losses;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;

namespace Edge.Training;

/// <summary>Forward, loss, backward, and a step of the optimizer after so many batches.</summary>
internal sealed class TrainingStep : IDisposable
{
    private static readonly Operator Multiply = new("aten::mul", "Scalar");
    private static readonly Operator AddScaled = new("aten::add", "Tensor");

    private readonly TrainerOptions _options;
    private readonly ModelPort _port;
    private readonly ModelPort? _teacher;
    private readonly Loss _loss;
    private readonly Distillation? _distillation;
    private readonly BatchSizes? _sizes;
    private readonly ClassLogits? _logits;
    private readonly DataType? _half;
    private readonly GradientScale _scale;
    private readonly TrainingClock _clock;

    public TrainingStep(TrainerOptions options, ModelPort port, Dataset dataset, TrainingClock clock)
    {
        _options = options;
        _port = port;
        _clock = clock;
        _half = PrecisionSupport.TypeOf(options.Precision);
        _scale = new GradientScale(options.Precision == Precision.Float16);
        Optimizer = options.Optimizer.Create([.. port.Executor.Parameters.Where(parameter => parameter.IsTrainable)]);
        Average = options.Average is null ? null : new WeightCopy("average", [.. port.Executor.Parameters, .. port.Executor.State]);
        _loss = LossFor(options, dataset).Create();
        _sizes = options.MultiScale > 0 ? SizesFor(options, dataset) : null;
        _logits = options.Autoencode || dataset.TargetKind != TargetKind.Class ? null : new ClassLogits(dataset.ClassNames.Count);
        if (options.Distillation is { } teaching)
        {
            _teacher = new ModelPort(teaching.Teacher, dataset, new GraphExecutorOptions { Device = options.Device, IsTrainable = _ => false }, wantsLogits: true);
            _distillation = new Distillation(teaching.Temperature);
        }
    }

    public Optimizer Optimizer { get; }

    public WeightCopy? Average { get; }

    public Loss Loss => _loss;

    /// <summary>What multiplies the loss in half precision; for a checkpoint.</summary>
    public double LossScale
    {
        get => _scale.Value;
        set => _scale.Restore(value);
    }

    /// <summary>Learns from a batch.</summary>
    /// <param name="batch">The samples.</param>
    /// <param name="number">The batch's number since the very beginning: dropout draws from it, so that an interrupted run goes on with the numbers it would have drawn.</param>
    /// <param name="moves">Whether the optimizer makes its step now.</param>
    /// <param name="rate">The learning rate of that step.</param>
    /// <returns>The loss, and how many samples were right.</returns>
    public (float Loss, int Correct) Run(Batch batch, long number, bool moves, double rate)
    {
        Libtorch.Seed(SplitMix64.Mix(_options.Seed, (ulong)number));
        Tensor target = _options.Autoencode ? batch.Input(0) : batch.Target;
        (int Width, int Height)? size = _sizes?.Of(number);
        using Tensor? pictures = size is { } scaled ? BatchSizes.Scale(batch.Input(0), scaled) : null;
        using Tensor? boxes = size is { } scaling ? _sizes!.ScaleBoxes(target, scaling) : null;
        target = boxes ?? target;
        using Tensor? moved = DeviceCopy.Of(target, _options.Device);
        Tensor output;
        Tensor? lesson;
        using (Autocast.Enter(_options.Device, _half))
        {
            lesson = _teacher?.Run(batch, RunMode.Inference);
            output = HalfPrecision.ToFloat32(_port.Run(batch, RunMode.Training, pictures));
        }
        using Tensor result = output;
        using Tensor? taught = lesson is null ? null : HalfPrecision.ToFloat32(lesson);
        _clock.Spent(TrainingPhase.Forward);
        int correct = _logits?.CountCorrect(result, batch.Classes) ?? 0;
        using Tensor loss = Combined(result, moved ?? target, taught, size);
        double factor = _scale.Value / _options.Accumulate;
        using Tensor? multiplied = factor == 1 ? null : Multiply.Call(loss, factor);
        _clock.Spent(TrainingPhase.Loss);
        _port.Executor.Backward(multiplied ?? loss);
        _clock.Spent(TrainingPhase.Backward);
        if (moves)
        {
            Move(rate);
        }
        float value = loss.Item();
        _clock.Spent(TrainingPhase.Optimizer);
        return (value, correct);
    }

    public void Dispose()
    {
        _teacher?.Dispose();
        _distillation?.Dispose();
        _loss.Dispose();
        Average?.Dispose();
        Optimizer.Dispose();
    }

    // Boxes are measured in pixels of the samples, whatever the options say.
    private static LossOptions LossFor(TrainerOptions options, Dataset dataset) =>
        dataset is { TargetKind: TargetKind.Boxes } && dataset.Inputs[0].Shape is [_, var height, var width] ? options.Loss with { Width = width, Height = height } : options.Loss;

    private static BatchSizes SizesFor(TrainerOptions options, Dataset dataset) =>
        dataset is { TargetKind: TargetKind.Boxes } && dataset.Inputs[0].Shape is [_, var height, var width]
            ? new BatchSizes(width, height, options.MultiScale, options.Seed)
            : throw new TrainingException($"{dataset.Name}: only detectors are shown batches in several sizes; leave training.multiScale out");

    private Tensor Combined(Tensor output, Tensor target, Tensor? taught, (int Width, int Height)? size)
    {
        try
        {
            return size is { } given && _loss is DetectionLoss boxes ? boxes.Compute(output, target, given.Width, given.Height)
                : taught is null ? _loss.Compute(output, target) : Taught(output, target, taught);
        }
        catch (Exception e) when (e is TorchException or ArgumentException)
        {
            throw new TrainingException($"the loss {_loss.Name} does not fit the output {output} and the target {target}{(taught is null ? "" : $" or the teacher's {taught}")}: {e.Message}", e);
        }
    }

    private Tensor Taught(Tensor output, Tensor target, Tensor taught)
    {
        double weight = _options.Distillation!.Weight;
        using Tensor label = _loss.Compute(output, target);
        using Tensor teacher = _distillation!.Compute(output, taught);
        using Tensor labelPart = Multiply.Call(label, 1 - weight);
        return AddScaled.Call(labelPart, teacher, weight);
    }

    private void Move(double rate)
    {
        ParameterSet set = Optimizer.Set;
        if (_scale.IsNeeded || _options.ClipNorm is not null)
        {
            double scale = _scale.Value;
            double norm = set.GradientNorm() / scale;
            _scale.Update(double.IsFinite(norm));
            if (_scale.IsNeeded && !double.IsFinite(norm))
            {
                set.ClearGradients();
                return;
            }
            double shrink = norm > _options.ClipNorm ? _options.ClipNorm.Value / norm : 1;
            if (shrink != scale)
            {
                set.ScaleGradients(shrink / scale);
            }
        }
        if (_options.ClipValue is { } limit)
        {
            set.ClampGradients(limit);
        }
        Optimizer.Step(rate);
        set.ClearGradients();
        Average?.Follow(_options.Average!.Value, Optimizer.StepCount);
    }
}
