using Edge.Foundation;
using Edge.Graph;
using Edge.Torch;
using Edge.Training.Data;
using Edge.Training.Losses;
using Edge.Training.Optimizers;
using Edge.Training.Schedules;

namespace Edge.Training;

/// <summary>
/// Trains a generator and a discriminator against each other (Goodfellow and others 2014), with the loss that does not saturate:
/// the generator learns to have its samples taken for real ones.
/// </summary>
public sealed class GanTrainer : IDisposable
{
    private static readonly Operator Full = new("aten::full_like");
    private static readonly Operator Noise = new("aten::randn");

    private readonly TrainerOptions _options;
    private readonly GanOptions _gan;
    private readonly TimeProvider _clock;
    private readonly GraphExecutor _generator;
    private readonly ModelPort _judge;
    private readonly Optimizer _generatorOptimizer;
    private readonly Optimizer _judgeOptimizer;
    private readonly BinaryCrossEntropy _loss = new();
    private readonly BatchLoader _loader;
    private readonly long[] _noiseShape;
    private readonly List<EpochRecord> _history = [];

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
        options.Validate();
        _options = options;
        _gan = gan;
        _clock = clock ?? TimeProvider.System;
        _noiseShape = NoiseShape(generator.Graph);
        _generator = new GraphExecutor(generator, options.Device);
        _judge = new ModelPort(discriminator, dataset, new GraphExecutorOptions { Device = options.Device }, wantsLogits: false);
        _generatorOptimizer = options.Optimizer.Create(_generator.Parameters);
        OptimizerOptions other = gan.DiscriminatorRate is { } rate ? options.Optimizer with { LearningRate = rate } : options.Optimizer;
        _judgeOptimizer = other.Create(_judge.Executor.Parameters);
        _loader = new BatchLoader(dataset, new LoaderOptions { BatchSize = options.BatchSize, Shuffle = true, Seed = options.Seed, Workers = options.Workers });
    }

    /// <summary>The epochs done so far.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>Trains until the epochs are done, the time is up, or somebody cancels; then both models have the weights so far.</summary>
    /// <param name="progress">Told how far it is; its loss is the discriminator's.</param>
    /// <param name="cancellationToken">Ends it after the running step.</param>
    /// <exception cref="TrainingException">A node fails, or a loss is no longer a number.</exception>
    public TrainingResult Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var timing = new RunTiming(_clock, _options, 0);
        var clock = new TrainingClock();
        clock.Start();
        StopReason reason = StopReason.Completed;
        long step = 0;
        long all = (long)_options.Epochs * _loader.BatchCount;
        for (int epoch = 0; epoch < _options.Epochs && reason == StopReason.Completed; epoch++)
        {
            TimeSpan begin = timing.Elapsed;
            double sum = 0, factor = 0;
            int done = 0;
            timing.TrainingBegins();
            foreach (Batch batch in _loader.Epoch(epoch, 0, CancellationToken.None))
            {
                clock.Spent(TrainingPhase.Data);
                if (cancellationToken.IsCancellationRequested || timing.IsOver)
                {
                    reason = timing.IsOver ? StopReason.TimeBudget : StopReason.Cancelled;
                    break;
                }
                factor = _options.Schedule.Factor(new ScheduleMoment(step, _loader.BatchCount, timing.Share((double)step / all), []));
                float loss = Learn(batch, step++, factor, clock);
                sum += loss;
                done++;
                timing.StepEnds(batch.Count);
                if (progress is not null && (timing.IsProgressDue || done == _loader.BatchCount))
                {
                    progress.Report(new TrainingProgress(
                        epoch + 1, _options.Epochs, done, _loader.BatchCount, sum / done, null, timing.SamplesPerSecond,
                        timing.TimeLeft((all - step) * _loader.BatchSize), factor * _options.Optimizer.LearningRate));
                }
            }
            if (done > 0)
            {
                _history.Add(new EpochRecord(
                    epoch + 1, (long)done * _loader.BatchSize, sum / done, null, null, null, factor * _options.Optimizer.LearningRate, (timing.Elapsed - begin).TotalSeconds));
            }
        }
        _generator.WriteBack();
        _judge.Executor.WriteBack();
        return new TrainingResult(reason, step, [.. _history], timing.SamplesPerSecond, timing.Elapsed, null,
            new TrainingProfile([.. Enum.GetValues<TrainingPhase>().Select(phase => KeyValuePair.Create(phase, clock.Of(phase)))], []));
    }

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

    private float Learn(Batch batch, long step, double factor, TrainingClock clock)
    {
        Libtorch.Seed(SplitMix64.Mix(_options.Seed, (ulong)step));
        using Tensor noise = MakeNoise(batch.Count);
        using Tensor made = _generator.Run(noise, training: true);
        using Tensor apart = made.Detach();
        clock.Spent(TrainingPhase.Forward);

        using Tensor real = _judge.Run(batch, RunMode.Training);
        float loss = Backward(real, 1 - _gan.Smoothing);
        using Tensor seenThrough = Judge(apart);
        loss += Backward(seenThrough, 0);
        _judgeOptimizer.Step((_gan.DiscriminatorRate ?? _options.Optimizer.LearningRate) * factor);
        _judgeOptimizer.Set.ClearGradients();

        using Tensor deceived = Judge(made);
        float deceit = Backward(deceived, 1);
        clock.Spent(TrainingPhase.Backward);
        _generatorOptimizer.Step(_options.Optimizer.LearningRate * factor);
        _generatorOptimizer.Set.ClearGradients();
        // The generator's pass left gradients in the discriminator too.
        _judgeOptimizer.Set.ClearGradients();
        clock.Spent(TrainingPhase.Optimizer);
        return float.IsFinite(loss) && float.IsFinite(deceit)
            ? loss
            : throw new TrainingException($"a loss is no longer a number after {step + 1} steps: lower the learning rate");
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
