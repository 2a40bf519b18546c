using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;

namespace Edge.Training;

/// <summary>
/// Trains the weights of an ONNX graph in place, on whatever a data set gives it. Interrupted at any moment, it goes on from its
/// checkpoint exactly where that was written.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainerOptions _options;
    private readonly TimeProvider _clock;
    private readonly DatasetSplit _split;
    private readonly ModelPort _port;
    private readonly TrainingStep _step;
    private readonly WeightCopy? _best;
    private readonly BatchLoader _loader;
    private readonly TrainingClock _phases = new();
    private readonly List<EpochRecord> _history = [];
    private CheckpointState _state;
    private bool _isFinal;

    /// <summary>Gets a model ready to be trained.</summary>
    /// <param name="model">The model; its weights change, and its graph may not be edited meanwhile.</param>
    /// <param name="dataset">The training samples, prepared for the model; a share of them is kept back to validate with.</param>
    /// <param name="options">How to train.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="TrainingException">The options make no sense, or do not fit model and data.</exception>
    /// <exception cref="DataException">The samples cannot be split as asked.</exception>
    /// <exception cref="UnsupportedOperatorException">The training engine does not know one of the model's operators.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public Trainer(OnnxModel model, Dataset dataset, TrainerOptions options, TimeProvider? clock = null)
        : this(model, Checked(options).Split(dataset), options, clock)
    {
    }

    /// <summary>Gets a model ready to be trained on samples that are split already.</summary>
    /// <param name="model">The model; its weights change, and its graph may not be edited meanwhile.</param>
    /// <param name="split">What to train with, and what to validate with.</param>
    /// <param name="options">How to train.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="TrainingException">The options make no sense, or do not fit model and data.</exception>
    /// <exception cref="UnsupportedOperatorException">The training engine does not know one of the model's operators.</exception>
    /// <exception cref="TorchUnavailableException">libtorch is not installed.</exception>
    public Trainer(OnnxModel model, DatasetSplit split, TrainerOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(split);
        Checked(options);
        Checkpoint.Strip(model);
        Model = model;
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _split = split;
        Dataset dataset = split.Train;
        _state = CheckpointState.Of(options, split);
        var execution = new GraphExecutorOptions
        {
            Device = options.Device,
            IsTrainable = options.IsTrainable,
            FreezesStatistics = options.FreezesStatistics,
            Profile = options.Profile,
        };
        _port = new ModelPort(model, dataset, execution, wantsLogits: IsClassifier && options.Loss is not { Name: "bce", Logits: false });
        try
        {
            if (!_port.Executor.Parameters.Any(parameter => parameter.IsTrainable))
            {
                throw new TrainingException($"graph '{model.Graph.Name}' has no weights to train{(options.IsTrainable is null ? "" : " among those that were chosen")}");
            }
            _step = new TrainingStep(options, _port, dataset, _phases);
            _best = options.KeepBest ? new WeightCopy("best", [.. _port.Executor.Parameters, .. _port.Executor.State]) : null;
            _loader = new BatchLoader(_split.Train, new LoaderOptions
            {
                BatchSize = options.BatchSize,
                Shuffle = true,
                Seed = options.Seed,
                Workers = options.Workers,
                Mixing = options.Mixing,
            });
        }
        catch
        {
            _best?.Dispose();
            _step?.Dispose();
            _port.Dispose();
            throw;
        }
    }

    /// <summary>The model; its weights are up to date after <see cref="Run"/>.</summary>
    public OnnxModel Model { get; }

    /// <summary>The epochs done so far.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>What was kept back to validate with; null where nothing was.</summary>
    public Dataset? Validation => _split.Validation;

    /// <summary>How many samples an epoch has.</summary>
    public int TrainingSamples => _split.Train.Count;

    private bool IsClassifier => !_options.Autoencode && _split.Train.TargetKind == TargetKind.Class;

    private int StepsPerEpoch => (_loader.BatchCount + _options.Accumulate - 1) / _options.Accumulate;

    /// <summary>Everything that a checkpoint keeps beside the weights.</summary>
    private IEnumerable<(string Name, Tensor Tensor)> Kept =>
        [.. _step.Optimizer.Moments, .. _step.Average?.Tensors ?? [], .. _best?.Tensors ?? []];

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <param name="checkpointPath">The checkpoint.</param>
    /// <param name="dataset">The same training samples as before.</param>
    /// <param name="options">The same as before; only epochs, time budget, device, schedule and learning rate may differ.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="ModelFormatException">The file is missing or no ONNX model.</exception>
    /// <exception cref="TrainingException">It is no checkpoint, or was made with other options or data.</exception>
    public static Trainer Resume(string checkpointPath, Dataset dataset, TrainerOptions options, TimeProvider? clock = null) =>
        Resume(checkpointPath, Checked(options).Split(dataset), options, clock);

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <param name="checkpointPath">The checkpoint.</param>
    /// <param name="split">The same samples as before.</param>
    /// <param name="options">The same as before; only epochs, time budget, device, schedule and learning rate may differ.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="ModelFormatException">The file is missing or no ONNX model.</exception>
    /// <exception cref="TrainingException">It is no checkpoint, or was made with other options or data.</exception>
    public static Trainer Resume(string checkpointPath, DatasetSplit split, TrainerOptions options, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(split);
        OnnxModel model = OnnxModel.Load(checkpointPath);
        (CheckpointState state, Dictionary<string, OnnxTensor> tensors) = Checkpoint.Open(model, checkpointPath);
        state.RequireSame(CheckpointState.Of(options, split), checkpointPath);
        var trainer = new Trainer(model, split, options, clock);
        try
        {
            trainer.Restore(state, tensors, checkpointPath);
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
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
        _phases.Start();
        StopReason reason = StopReason.Completed;
        while (_state.Epoch < _options.Epochs && reason == StopReason.Completed)
        {
            reason = HasStopped ? StopReason.NoProgress : RunEpoch(timing, progress, cancellationToken);
        }
        if (reason != StopReason.Cancelled)
        {
            TakeFinalWeights();
        }
        _port.Executor.WriteBack();
        _phases.Spent(TrainingPhase.Other);
        return new TrainingResult(
            reason, _state.Step, [.. _history], timing.SamplesPerSecond, timing.Elapsed, _best is null || _state.BestEpoch == 0 ? null : _state.BestEpoch,
            new TrainingProfile([.. Enum.GetValues<TrainingPhase>().Select(phase => KeyValuePair.Create(phase, _phases.Of(phase)))], _port.Executor.Profile));
    }

    /// <summary>Judges the weights as they are now.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Judgement Evaluate(Dataset dataset, CancellationToken cancellationToken = default)
    {
        if (_split.Train.TargetKind == TargetKind.Boxes && !_options.Autoencode)
        {
            return Evaluator.Boxes(_port, dataset, _step.Loss, cancellationToken);
        }
        if (!IsClassifier)
        {
            return Evaluator.Measure(_port, dataset, _step.Loss, _options.Autoencode, cancellationToken);
        }
        ClassificationMetrics metrics = Evaluator.Classify(_port, dataset, cancellationToken);
        return new Judgement(metrics.Loss, metrics, null);
    }

    /// <summary>How far each sample is from what the model makes of it, as a mean of squares: an autoencoder's measure of how unusual a sample is.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<double> ReconstructionErrors(Dataset dataset, CancellationToken cancellationToken = default) =>
        Evaluator.ReconstructionErrors(_port, dataset, cancellationToken);

    /// <summary>Frees everything native; the model stays.</summary>
    public void Dispose()
    {
        _loader.Dispose();
        _best?.Dispose();
        _step.Dispose();
        _port.Dispose();
    }

    private static TrainerOptions Checked(TrainerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return options;
    }

    private bool HasStopped => _options.Patience is { } patience && _state.Epoch - _state.BestEpoch >= patience && _state.Epoch > 0;

    private void Restore(CheckpointState state, Dictionary<string, OnnxTensor> tensors, string source)
    {
        long seen = Math.Min((long)state.Batch * state.BatchSize, _split.Train.Count);
        if (state.Batch >= _loader.BatchCount || state.Seen != seen || state.History.Count != state.Epoch)
        {
            throw new TrainingException($"{source}: is a damaged checkpoint; train anew");
        }
        Checkpoint.Restore(Kept, tensors, source);
        Checkpoint.DeleteLeftovers(source);
        _step.Optimizer.StepCount = state.Step;
        _step.LossScale = state.LossScale;
        _state = state;
        _history.AddRange(state.History);
    }

    private StopReason RunEpoch(RunTiming timing, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        double secondsBefore = _state.EpochSeconds;
        TimeSpan begin = timing.Elapsed;
        timing.TrainingBegins();
        foreach (Batch batch in _loader.Epoch(_state.Epoch, _state.Batch, CancellationToken.None))
        {
            _phases.Spent(TrainingPhase.Data);
            // Gradients that have not made a step yet would be lost with the process.
            bool isBetweenSteps = _state.Batch % _options.Accumulate == 0;
            StopReason? stop = !isBetweenSteps ? null : cancellationToken.IsCancellationRequested ? StopReason.Cancelled : timing.IsOver ? StopReason.TimeBudget : null;
            if (stop is { } reason)
            {
                SaveCheckpoint(timing, EpochSeconds());
                if (reason == StopReason.TimeBudget && _state.Seen > 0)
                {
                    FinishEpoch(EpochSeconds);
                }
                return reason;
            }
            if (isBetweenSteps && timing.IsCheckpointDue)
            {
                SaveCheckpoint(timing, EpochSeconds());
                _phases.Spent(TrainingPhase.Other);
            }
            Learn(batch, timing);
            timing.StepEnds(batch.Count);
            if (progress is not null && (timing.IsProgressDue || _state.Batch == _loader.BatchCount))
            {
                progress.Report(Progress(timing));
            }
            _phases.Spent(TrainingPhase.Other);
        }
        FinishEpoch(EpochSeconds);
        _state = _state with { Epoch = _state.Epoch + 1, Batch = 0, LossSum = 0, Correct = 0, Seen = 0, EpochSeconds = 0 };
        SaveCheckpoint(timing, 0);
        _phases.Spent(TrainingPhase.Other);
        return StopReason.Completed;

        double EpochSeconds() => secondsBefore + (timing.Elapsed - begin).TotalSeconds;
    }

    private void Learn(Batch batch, RunTiming timing)
    {
        bool moves = (batch.Index + 1) % _options.Accumulate == 0 || batch.Index + 1 == _loader.BatchCount;
        double share = timing.Share((double)_state.Step / ((long)_options.Epochs * StepsPerEpoch));
        double rate = _options.Optimizer.LearningRate * _options.Schedule.Factor(new ScheduleMoment(_state.Step, StepsPerEpoch, share, Losses()));
        long number = ((long)_state.Epoch * _loader.BatchCount) + batch.Index;
        (float loss, int correct) = _step.Run(batch, number, moves, rate);
        if (!float.IsFinite(loss))
        {
            throw new TrainingException($"the loss is {loss} after {_state.Step + 1} steps: lower the learning rate (it is {rate}), or clip gradients");
        }
        _state = _state with
        {
            Step = _state.Step + (moves ? 1 : 0),
            Batch = batch.Index + 1,
            LossSum = _state.LossSum + ((double)loss * batch.Count),
            Correct = _state.Correct + correct,
            Seen = _state.Seen + batch.Count,
            LearningRate = rate,
        };
    }

    // Only a plateau looks back; others need no list a step.
    private IReadOnlyList<double> Losses() =>
        _options.Schedule is PlateauSchedule ? [.. _history.Select(epoch => epoch.ValidationLoss ?? epoch.TrainLoss)] : [];

    private void FinishEpoch(Func<double> seconds)
    {
        _phases.Spent(TrainingPhase.Data);
        _step.Average?.Swap();
        // Never cancelled: it is short, and without it the history would have a hole.
        Judgement? validation = _split.Validation is null ? null : Evaluate(_split.Validation, CancellationToken.None);
        if (validation is not null && (_state.BestEpoch == 0 || validation.Loss < _history[_state.BestEpoch - 1].ValidationLoss))
        {
            _state = _state with { BestEpoch = _state.Epoch + 1 };
            _best?.Take();
        }
        _step.Average?.Swap();
        _phases.Spent(TrainingPhase.Validation);
        _history.Add(new EpochRecord(
            _state.Epoch + 1, _state.Seen, _state.LossSum / _state.Seen, IsClassifier ? (double)_state.Correct / _state.Seen : null,
            validation?.Loss, validation?.Classes?.Accuracy, _state.LearningRate, seconds(), validation?.Boxes?.Ap50));
    }

    /// <summary>Puts the best or the averaged weights into the graph for good.</summary>
    private void TakeFinalWeights()
    {
        if (!_isFinal)
        {
            (_best is not null && _state.BestEpoch > 0 ? _best : _step.Average)?.Swap();
            _isFinal = true;
        }
    }

    private void SaveCheckpoint(RunTiming timing, double epochSeconds)
    {
        if (_options.CheckpointPath is not { } path)
        {
            return;
        }
        _port.Executor.WriteBack();
        CheckpointState state = _state with
        {
            ElapsedSeconds = timing.Elapsed.TotalSeconds,
            EpochSeconds = epochSeconds,
            LossScale = _step.LossScale,
            History = [.. _history],
        };
        Checkpoint.Save(path, Model, state, Kept);
        timing.CheckpointDone();
    }

    private TrainingProgress Progress(RunTiming timing)
    {
        long all = (long)_options.Epochs * _split.Train.Count;
        long done = ((long)_state.Epoch * _split.Train.Count) + _state.Seen;
        return new TrainingProgress(
            _state.Epoch + 1, _options.Epochs, _state.Batch, _loader.BatchCount, _state.LossSum / _state.Seen,
            IsClassifier ? (double)_state.Correct / _state.Seen : null, timing.SamplesPerSecond, timing.TimeLeft(all - done), _state.LearningRate);
    }
}
