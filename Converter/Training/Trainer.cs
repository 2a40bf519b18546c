using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;

namespace Edge.Training;

/// <summary>
/// Trains the weights of an ONNX graph in place, on whatever a data set gives it. Interrupted at any moment, it goes on from its
/// checkpoint exactly where that was written.
/// </summary>
public sealed class Trainer : IDisposable, ILearner
{
    private readonly TrainerOptions _options;
    private readonly DatasetSplit _split;
    private readonly ModelPort _port;
    private readonly TrainingStep _step;
    private readonly WeightCopy? _best;
    private readonly BatchLoader _loader;
    private readonly TrainingLoop _loop;
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
        _split = split;
        Dataset dataset = split.Train;
        var phases = new TrainingClock();
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
            _step = new TrainingStep(options, _port, dataset, phases);
            _best = options.KeepBest ? new WeightCopy("best", [.. _port.Executor.Parameters, .. _port.Executor.State]) : null;
            _loader = new BatchLoader(_split.Train, new LoaderOptions
            {
                BatchSize = options.BatchSize,
                Shuffle = true,
                Seed = options.Seed,
                Workers = options.Workers,
                Mixing = options.Mixing,
            });
            _loop = new TrainingLoop(options, _loader, split, this, phases, clock, IsClassifier);
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
    public IReadOnlyList<EpochRecord> History => _loop.History;

    /// <summary>What was kept back to validate with; null where nothing was.</summary>
    public Dataset? Validation => _split.Validation;

    /// <summary>How many samples an epoch has.</summary>
    public int TrainingSamples => _split.Train.Count;

    private bool IsClassifier => !_options.Autoencode && _split.Train.TargetKind == TargetKind.Class;

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
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _loop.Run(progress, Finish, () => _port.Executor.Profile, cancellationToken);

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

    (float Loss, int Correct) ILearner.Learn(Batch batch, long number, bool moves, double factor) =>
        _step.Run(batch, number, moves, _options.Optimizer.LearningRate * factor);

    Judgement? ILearner.Judge(double? best)
    {
        if (_split.Validation is null)
        {
            return null;
        }
        _step.Average?.Swap();
        // Never cancelled: it is short, and without it the history would have a hole.
        Judgement validation = Evaluate(_split.Validation, CancellationToken.None);
        if (best is null || validation.Loss < best)
        {
            _best?.Take();
        }
        _step.Average?.Swap();
        return validation;
    }

    void ILearner.Save(string path, CheckpointState state)
    {
        _port.Executor.WriteBack();
        Checkpoint.Save(path, Model, state with { LossScale = _step.LossScale }, Kept);
    }

    private void Restore(CheckpointState state, Dictionary<string, OnnxTensor> tensors, string source)
    {
        Checkpoint.Restore(Kept, tensors, source);
        _loop.Restore(state, source);
        _step.Optimizer.StepCount = state.Step;
        _step.LossScale = state.LossScale;
    }

    /// <summary>Puts the best or the averaged weights into the graph for good, or those so far where somebody stopped it.</summary>
    private void Finish(StopReason reason)
    {
        if (reason != StopReason.Cancelled && !_isFinal)
        {
            (_best is not null && _loop.BestEpoch > 0 ? _best : _step.Average)?.Swap();
            _isFinal = true;
        }
        _port.Executor.WriteBack();
    }
}
