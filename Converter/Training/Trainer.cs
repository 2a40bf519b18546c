using System.Runtime.InteropServices;
using Edge.Foundation;
using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Losses;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;

namespace Edge.Training;

/// <summary>
/// Trains the weights of an image classifier in place: an ONNX graph that takes [N, channels, height, width] float32 and gives
/// [N, classes] logits. Interrupted at any moment, it goes on from its checkpoint exactly where that was written.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainerOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dataset _whole;
    private readonly Dataset _train;
    private readonly Dataset? _validation;
    private readonly GraphExecutor _executor;
    private readonly Optimizer _optimizer;
    private readonly CrossEntropy _loss;
    private readonly BatchLoader _loader;
    private readonly List<EpochRecord> _history = [];
    private CheckpointState _state;
    private float[] _logits = [];

    /// <summary>Gets a model ready to be trained.</summary>
    /// <param name="model">The model; its weights change, and its graph may not be edited meanwhile.</param>
    /// <param name="dataset">The training samples, prepared for the model; a share of them is kept back to validate with.</param>
    /// <param name="options">How to train.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="TrainingException">The options make no sense, or do not fit model and data.</exception>
    /// <exception cref="UnsupportedOperatorException">The training engine does not know one of the model's operators.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public Trainer(OnnxModel model, Dataset dataset, TrainerOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Checkpoint.Strip(model);
        Model = model;
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _whole = dataset;
        (_train, _validation, _) = dataset.Split(options.ValidationFraction, 0, options.Seed);
        CheckFit(model, dataset);
        _loss = new CrossEntropy(options.LabelSmoothing);
        _executor = new GraphExecutor(model, options.Device);
        _optimizer = options.Optimizer.Create(_executor.Parameters);
        _loader = new BatchLoader(_train, new LoaderOptions { BatchSize = options.BatchSize, Shuffle = true, Seed = options.Seed });
        _state = new CheckpointState
        {
            Seed = options.Seed,
            BatchSize = options.BatchSize,
            Optimizer = options.Optimizer.Name,
            Dataset = dataset.Name,
            Images = dataset.Count,
            ValidationFraction = options.ValidationFraction,
        };
        if (_executor.Parameters.Count == 0)
        {
            Dispose();
            throw new TrainingException($"graph '{model.Graph.Name}' has no weights to train");
        }
    }

    /// <summary>The model; its weights are up to date after <see cref="Run"/>.</summary>
    public OnnxModel Model { get; }

    /// <summary>The epochs done so far.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <param name="checkpointPath">The checkpoint.</param>
    /// <param name="dataset">The same training images as before.</param>
    /// <param name="options">The same as before; only epochs, time budget, device, schedule and learning rate may differ.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="ModelFormatException">The file is missing or no ONNX model.</exception>
    /// <exception cref="TrainingException">It is no checkpoint, or was made with other options or data.</exception>
    public static Trainer Resume(string checkpointPath, Dataset dataset, TrainerOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dataset);
        OnnxModel model = OnnxModel.Load(checkpointPath);
        (CheckpointState state, Dictionary<string, OnnxTensor> moments) = Checkpoint.Open(model, checkpointPath);
        Require(state.Seed == options.Seed, "seed", state.Seed, options.Seed);
        Require(state.BatchSize == options.BatchSize, "batch size", state.BatchSize, options.BatchSize);
        Require(state.Optimizer == options.Optimizer.Name, "optimizer", state.Optimizer, options.Optimizer.Name);
        Require(state.Images == dataset.Count, "number of training images", state.Images, dataset.Count);
        Require(state.ValidationFraction == options.ValidationFraction, "validation fraction", state.ValidationFraction, options.ValidationFraction);
        var trainer = new Trainer(model, dataset, options, clock);
        try
        {
            long seen = Math.Min((long)state.Batch * state.BatchSize, trainer._train.Count);
            if (state.Batch >= trainer._loader.BatchCount || state.Seen != seen || state.History.Count != state.Epoch)
            {
                throw new TrainingException($"{checkpointPath}: is a damaged checkpoint; train anew");
            }
            Checkpoint.Restore(trainer._optimizer, moments, checkpointPath);
            Checkpoint.DeleteLeftovers(checkpointPath);
            trainer._optimizer.StepCount = state.Step;
            trainer._state = state;
            trainer._history.AddRange(state.History);
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }

        void Require<T>(bool isSame, string what, T before, T wanted)
        {
            if (!isSame)
            {
                throw new TrainingException($"{checkpointPath}: was made with the {what} {before}, not {wanted}; give the same, or train anew");
            }
        }
    }

    /// <summary>Trains until the epochs are done, the time is up, or somebody cancels; then the model has the weights so far.</summary>
    /// <param name="progress">Told how far it is, from this thread.</param>
    /// <param name="cancellationToken">Ends it after the running step; a checkpoint is written where one is kept.</param>
    /// <exception cref="TrainingException">A node fails, or the loss is no longer a number.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var timing = new RunTiming(_clock, _options, _state.ElapsedSeconds);
        StopReason reason = StopReason.Completed;
        while (_state.Epoch < _options.Epochs && reason == StopReason.Completed)
        {
            reason = RunEpoch(timing, progress, cancellationToken);
        }
        _executor.WriteBack();
        return new TrainingResult(reason, _state.Step, [.. _history], timing.ImagesPerSecond, timing.Elapsed, _loader.Waited);
    }

    /// <summary>Judges the weights as they are now.</summary>
    /// <param name="dataset">The samples, prepared as the training samples are.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ClassificationMetrics Evaluate(Dataset dataset, CancellationToken cancellationToken = default) =>
        Evaluator.Evaluate(_executor, dataset, cancellationToken: cancellationToken);

    /// <summary>Frees everything native; the model stays.</summary>
    public void Dispose()
    {
        _loader.Dispose();
        _optimizer.Dispose();
        _executor.Dispose();
    }

    private static void CheckFit(OnnxModel model, Dataset dataset)
    {
        List<Value> inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null)];
        if (inputs.Count != dataset.Inputs.Count)
        {
            throw new TrainingException($"the model takes {inputs.Count} inputs, {dataset.Name} gives {dataset.Inputs.Count}: build the model for this data");
        }
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Shape is { } shape && !Fits(shape, dataset.Inputs[i].Shape))
            {
                throw new TrainingException($"input '{inputs[i].Name}' {shape} does not fit samples {dataset.Inputs[i]} of {dataset.Name}: build the model for this size");
            }
        }
    }

    private static bool Fits(TensorShape shape, ReadOnlySpan<int> sample)
    {
        bool fits = shape.Rank == sample.Length + 1;
        for (int axis = 1; axis < shape.Rank && fits; axis++)
        {
            fits = (shape[axis].Size ?? sample[axis - 1]) == sample[axis - 1];
        }
        return fits;
    }

    private StopReason RunEpoch(RunTiming timing, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        double secondsBefore = _state.EpochSeconds;
        TimeSpan begin = timing.Elapsed;
        timing.TrainingBegins();
        foreach (Batch batch in _loader.Epoch(_state.Epoch, _state.Batch, CancellationToken.None))
        {
            StopReason? stop = cancellationToken.IsCancellationRequested ? StopReason.Cancelled : timing.IsOver ? StopReason.TimeBudget : null;
            if (stop is { } reason)
            {
                SaveCheckpoint(timing, EpochSeconds());
                if (reason == StopReason.TimeBudget && _state.Seen > 0)
                {
                    FinishEpoch(EpochSeconds);
                }
                return reason;
            }
            Step(batch, timing);
            timing.StepEnds(batch.Count);
            if (timing.IsCheckpointDue)
            {
                SaveCheckpoint(timing, EpochSeconds());
            }
            if (progress is not null && (timing.IsProgressDue || _state.Batch == _loader.BatchCount))
            {
                progress.Report(Progress(timing));
            }
        }
        FinishEpoch(EpochSeconds);
        _state = _state with { Epoch = _state.Epoch + 1, Batch = 0, LossSum = 0, Correct = 0, Seen = 0, EpochSeconds = 0 };
        SaveCheckpoint(timing, 0);
        return StopReason.Completed;

        double EpochSeconds() => secondsBefore + (timing.Elapsed - begin).TotalSeconds;
    }

    private void Step(Batch batch, RunTiming timing)
    {
        long step = _state.Step;
        // Dropout draws from here, so that an interrupted run goes on with the numbers it would have drawn.
        Libtorch.Seed(SplitMix64.Mix(_options.Seed, (ulong)step));
        using Tensor? movedImages = DeviceCopy.Of(batch.Input(0), _options.Device);
        using Tensor? movedLabels = DeviceCopy.Of(batch.Target, _options.Device);
        using Tensor logits = _executor.Run(movedImages ?? batch.Input(0), training: true);
        int classes = LogitShape.Classes(logits, batch.Count, _whole.ClassNames.Count);
        using Tensor loss = _loss.Compute(logits, movedLabels ?? batch.Target);
        loss.Backward();
        double rate = timing.LearningRate((double)step / ((long)_options.Epochs * _loader.BatchCount));
        _optimizer.Step(rate);
        _optimizer.ClearGradients();

        float lossValue = loss.Item();
        if (!float.IsFinite(lossValue))
        {
            throw new TrainingException($"the loss is {lossValue} after {step + 1} steps: lower the learning rate (it is {rate})");
        }
        _state = _state with
        {
            Step = step + 1,
            Batch = batch.Index + 1,
            LossSum = _state.LossSum + ((double)lossValue * batch.Count),
            Correct = _state.Correct + CountCorrect(logits, batch.Classes, classes),
            Seen = _state.Seen + batch.Count,
            LearningRate = rate,
        };
    }

    private int CountCorrect(Tensor logits, ReadOnlySpan<long> labels, int classes)
    {
        if (_logits.Length < labels.Length * classes)
        {
            _logits = new float[labels.Length * classes];
        }
        Span<float> values = _logits.AsSpan(0, labels.Length * classes);
        logits.CopyTo(MemoryMarshal.AsBytes(values));
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            correct += ClassificationMetrics.ArgMax(values.Slice(i * classes, classes)) == labels[i] ? 1 : 0;
        }
        return correct;
    }

    private void FinishEpoch(Func<double> seconds)
    {
        // Never cancelled: it is short, and without it the history would have a hole.
        ClassificationMetrics? validation = _validation is null ? null : Evaluate(_validation, CancellationToken.None);
        _history.Add(new EpochRecord(
            _state.Epoch + 1, _state.Seen, _state.LossSum / _state.Seen, (double)_state.Correct / _state.Seen,
            validation?.Loss, validation?.Accuracy, _state.LearningRate, seconds()));
    }

    private void SaveCheckpoint(RunTiming timing, double epochSeconds)
    {
        if (_options.CheckpointPath is not { } path)
        {
            return;
        }
        _executor.WriteBack();
        CheckpointState state = _state with
        {
            ElapsedSeconds = timing.Elapsed.TotalSeconds,
            EpochSeconds = epochSeconds,
            History = [.. _history],
        };
        Checkpoint.Save(path, Model, state, _optimizer);
        timing.CheckpointDone();
    }

    private TrainingProgress Progress(RunTiming timing)
    {
        long all = (long)_options.Epochs * _train.Count;
        long done = ((long)_state.Epoch * _train.Count) + _state.Seen;
        return new TrainingProgress(
            _state.Epoch + 1, _options.Epochs, _state.Batch, _loader.BatchCount, _state.LossSum / _state.Seen,
            (double)_state.Correct / _state.Seen, timing.ImagesPerSecond, timing.TimeLeft(all - done), _state.LearningRate);
    }
}
