using Edge.Foundation;
using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Losses;
using Edge.Training.Metrics;
using Edge.Training.Optimizers;

namespace Edge.Training;

/// <summary>
/// Trains a generator and a discriminator against each other (Goodfellow and others 2014), with the loss that does not saturate:
/// the generator learns to have its samples taken for real ones. Interrupted at any moment, it goes on from its checkpoint exactly
/// where that was written: the generator as an ONNX model, with the discriminator's weights among what nothing reads.
/// </summary>
public sealed class GanTrainer : IDisposable, ILearner
{
    private static readonly Operator Full = new("aten::full_like");
    private static readonly Operator Noise = new("aten::randn");

    private readonly TrainerOptions _options;
    private readonly GanOptions _gan;
    private readonly TrainingClock _phases = new();
    private readonly GraphExecutor _generator;
    private readonly ModelPort _judge;
    private readonly Optimizer _generatorOptimizer;
    private readonly Optimizer _judgeOptimizer;
    private readonly BinaryCrossEntropy _loss = new();
    private readonly BatchLoader _loader;
    private readonly long[] _noiseShape;
    private readonly TrainingLoop _loop;

    /// <summary>Gets the pair ready.</summary>
    /// <param name="generator">Noise [N, …] to samples; its weights change in place.</param>
    /// <param name="discriminator">Samples to one logit each: is it real?; its weights change in place.</param>
    /// <param name="dataset">Real samples, in the range that the generator makes.</param>
    /// <param name="options">Epochs, batch, optimizer, schedule, seed, device.</param>
    /// <param name="gan">What concerns the pair.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="TrainingException">Models, data and options do not fit together.</exception>
    public GanTrainer(OnnxModel generator, OnnxModel discriminator, Dataset dataset, TrainerOptions options, GanOptions gan, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(discriminator);
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(gan);
        Check(options);
        Checkpoint.Strip(generator);
        Generator = generator;
        _options = options;
        _gan = gan;
        _noiseShape = NoiseShape(generator.Graph);
        _generator = new GraphExecutor(generator, options.Device);
        _judge = new ModelPort(discriminator, dataset, new GraphExecutorOptions { Device = options.Device }, wantsLogits: false);
        _generatorOptimizer = options.Optimizer.Create(_generator.Parameters);
        OptimizerOptions other = gan.DiscriminatorRate is { } rate ? options.Optimizer with { LearningRate = rate } : options.Optimizer;
        _judgeOptimizer = other.Create(_judge.Executor.Parameters);
        _loader = new BatchLoader(dataset, new LoaderOptions { BatchSize = options.BatchSize, Shuffle = true, Seed = options.Seed, Workers = options.Workers });
        _loop = new TrainingLoop(options, _loader, new DatasetSplit(dataset, null, null), this, _phases, clock, hasClasses: false);
    }

    /// <summary>The generator; its weights are up to date after <see cref="Run"/>.</summary>
    public OnnxModel Generator { get; }

    /// <summary>The epochs done so far.</summary>
    public IReadOnlyList<EpochRecord> History => _loop.History;

    /// <summary>Everything that a checkpoint keeps beside the generator's weights.</summary>
    private IEnumerable<(string Name, Tensor Tensor)> Kept =>
    [
        .. _generatorOptimizer.Moments.Select(moment => ($"generator/{moment.Name}", moment.Tensor)),
        .. _judgeOptimizer.Moments.Select(moment => ($"discriminator/{moment.Name}", moment.Tensor)),
        .. _judge.Executor.Parameters.Concat(_judge.Executor.State).Select(weight => ($"discriminator/{weight.Name}", weight.Value)),
    ];

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <param name="checkpointPath">The checkpoint; the generator comes out of it.</param>
    /// <param name="discriminator">The same architecture as before; its weights are taken from the checkpoint.</param>
    /// <param name="dataset">The same samples as before.</param>
    /// <param name="options">The same as before; only epochs, time budget, device, schedule and learning rate may differ.</param>
    /// <param name="gan">What concerns the pair.</param>
    /// <param name="clock">The time; by default the system's.</param>
    /// <exception cref="ModelFormatException">The file is missing or no ONNX model.</exception>
    /// <exception cref="TrainingException">It is no checkpoint of such a pair, or was made with other options or data.</exception>
    public static GanTrainer Resume(string checkpointPath, OnnxModel discriminator, Dataset dataset, TrainerOptions options, GanOptions gan, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(dataset);
        OnnxModel generator = OnnxModel.Load(checkpointPath);
        (CheckpointState state, Dictionary<string, OnnxTensor> tensors) = Checkpoint.Open(generator, checkpointPath);
        state.RequireSame(CheckpointState.Of(options, new DatasetSplit(dataset, null, null)), checkpointPath);
        var trainer = new GanTrainer(generator, discriminator, dataset, options, gan, clock);
        try
        {
            using (NoGrad.Enter())
            {
                Checkpoint.Restore(trainer.Kept, tensors, checkpointPath);
            }
            trainer._loop.Restore(state, checkpointPath);
            trainer._generatorOptimizer.StepCount = trainer._judgeOptimizer.StepCount = state.Step;
            return trainer;
        }
        catch
        {
            trainer.Dispose();
            throw;
        }
    }

    /// <summary>Trains until the epochs are done, the time is up, or somebody cancels; then both models have the weights so far.</summary>
    /// <param name="progress">Told how far it is; its loss is the discriminator's.</param>
    /// <param name="cancellationToken">Ends it after the running step; a checkpoint is written where one is kept.</param>
    /// <exception cref="TrainingException">A node fails, or a loss is no longer a number.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default) =>
        _loop.Run(progress, _ => WriteBack(), () => [], cancellationToken);

    /// <summary>Samples of the generator as it is now.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same samples.</param>
    /// <returns>[count, …] in C order, in the range that the generator makes.</returns>
    public float[] Sample(int count, ulong seed)
    {
        Libtorch.Seed(seed);
        using Tensor noise = MakeNoise(count);
        using Tensor samples = _generator.Run(noise, training: false);
        return samples.ToArray<float>();
    }

    /// <summary>Frees everything native; the models stay.</summary>
    public void Dispose()
    {
        _loader.Dispose();
        _loss.Dispose();
        _judgeOptimizer.Dispose();
        _generatorOptimizer.Dispose();
        _judge.Dispose();
        _generator.Dispose();
    }

    (float Loss, int Correct) ILearner.Learn(Batch batch, long number, bool moves, double factor) => (Learn(batch, number, factor), 0);

    Judgement? ILearner.Judge(double? best) => null;

    void ILearner.Save(string path, CheckpointState state)
    {
        WriteBack();
        Checkpoint.Save(path, Generator, state, Kept);
    }

    // What a pair has no use for is refused rather than left undone.
    private static void Check(TrainerOptions options)
    {
        options.Validate();
        string? odd = options.Accumulate > 1 ? "accumulate" : options.ClipNorm is not null ? "clipNorm" : options.ClipValue is not null ? "clipValue"
            : options.Average is not null ? "average" : options.Patience is not null ? "patience" : options.KeepBest ? "keepBest"
            : options.Precision != Precision.Float32 ? "precision" : null;
        if (odd is not null)
        {
            throw new TrainingException($"a generator and a discriminator are trained without training.{odd}; leave it out");
        }
    }

    private static long[] NoiseShape(OnnxGraph graph)
    {
        List<Value> inputs = [.. graph.Inputs.Where(input => input.Constant is null)];
        if (inputs is not [{ Shape: { Rank: >= 2 } shape }] || shape.Dimensions.Skip(1).Any(size => size.Size is null))
        {
            throw new TrainingException($"graph '{graph.Name}' is no generator: it should take one input of noise, [batch, …] with fixed sizes behind the batch");
        }
        return [.. shape.Dimensions.Select(size => size.Size ?? 0)];
    }

    private Tensor MakeNoise(int count)
    {
        long[] shape = [.. _noiseShape];
        shape[0] = count;
        return Noise.Call(shape, DataType.Float32, Argument.None, _options.Device);
    }

    private void WriteBack()
    {
        _generator.WriteBack();
        _judge.Executor.WriteBack();
    }

    private float Learn(Batch batch, long step, double factor)
    {
        Libtorch.Seed(SplitMix64.Mix(_options.Seed, (ulong)step));
        using Tensor noise = MakeNoise(batch.Count);
        using Tensor made = _generator.Run(noise, training: true);
        using Tensor apart = made.Detach();
        _phases.Spent(TrainingPhase.Forward);

        using Tensor real = _judge.Run(batch, RunMode.Training);
        float loss = Backward(real, 1 - _gan.Smoothing);
        using Tensor seenThrough = Judge(apart);
        loss += Backward(seenThrough, 0);
        _judgeOptimizer.Step((_gan.DiscriminatorRate ?? _options.Optimizer.LearningRate) * factor);
        _judgeOptimizer.Set.ClearGradients();

        using Tensor deceived = Judge(made);
        float deceit = Backward(deceived, 1);
        _phases.Spent(TrainingPhase.Backward);
        _generatorOptimizer.Step(_options.Optimizer.LearningRate * factor);
        _generatorOptimizer.Set.ClearGradients();
        // The generator's pass left gradients in the discriminator too.
        _judgeOptimizer.Set.ClearGradients();
        _phases.Spent(TrainingPhase.Optimizer);
        return float.IsFinite(deceit) ? loss : deceit;
    }

    private Tensor Judge(Tensor samples) => _judge.Executor.Run(samples, training: true);

    private float Backward(Tensor logits, double label)
    {
        using Tensor target = Full.Call(logits, label);
        using Tensor loss = _loss.Compute(logits, target);
        loss.Backward();
        return loss.Item();
    }
}
