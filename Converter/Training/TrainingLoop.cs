using Edge.Training.Data;
using Edge.Training.Metrics;
using Edge.Training.Schedules;

namespace Edge.Training;

/// <summary>
/// Epochs and batches: when to stop, when to write a checkpoint, what the learning rate is, and what the history says. What is
/// learned from a batch is the learner's business.
/// </summary>
internal sealed class TrainingLoop
{
    private readonly TrainerOptions _options;
    private readonly BatchLoader _loader;
    private readonly ILearner _learner;
    private readonly TrainingClock _phases;
    private readonly TimeProvider _clock;
    private readonly int _samples;
    private readonly bool _hasClasses;
    private readonly List<EpochRecord> _history = [];
    private CheckpointState _state;

    /// <summary>Stands at the very beginning.</summary>
    public TrainingLoop(TrainerOptions options, BatchLoader loader, DatasetSplit split, ILearner learner, TrainingClock phases, TimeProvider? clock, bool hasClasses)
    {
        _options = options;
        _loader = loader;
        _learner = learner;
        _phases = phases;
        _clock = clock ?? TimeProvider.System;
        _samples = split.Train.Count;
        _hasClasses = hasClasses;
        _state = CheckpointState.Of(options, split);
    }

    /// <summary>The epochs done so far.</summary>
    public IReadOnlyList<EpochRecord> History => _history;

    /// <summary>The epoch with the least validation loss so far; 0 before the first.</summary>
    public int BestEpoch => _state.BestEpoch;

    private int StepsPerEpoch => (_loader.BatchCount + _options.Accumulate - 1) / _options.Accumulate;

    private bool HasStopped => _options.Patience is { } patience && _state.Epoch - _state.BestEpoch >= patience && _state.Epoch > 0;

    /// <summary>Goes on where a checkpoint was written.</summary>
    /// <exception cref="TrainingException">The checkpoint contradicts itself.</exception>
    public void Restore(CheckpointState state, string source)
    {
        long seen = Math.Min((long)state.Batch * state.BatchSize, _samples);
        if (state.Batch >= _loader.BatchCount || state.Seen != seen || state.History.Count != state.Epoch)
        {
            throw new TrainingException($"{source}: is a damaged checkpoint; train anew");
        }
        Checkpoint.DeleteLeftovers(source);
        _state = state;
        _history.AddRange(state.History);
    }

    /// <summary>Runs until the epochs are done, the time is up, nothing gets better, or somebody cancels.</summary>
    /// <param name="progress">Told how far it is, from this thread.</param>
    /// <param name="finish">What is left to do with the weights, told the reason before the time is taken.</param>
    /// <param name="operators">The time by operator, asked for at the end.</param>
    /// <param name="cancellationToken">Ends it after the running step.</param>
    public TrainingResult Run(IProgress<TrainingProgress>? progress, Action<StopReason> finish, Func<IReadOnlyList<OperatorTime>> operators, CancellationToken cancellationToken)
    {
        var timing = new RunTiming(_clock, _options, _state.ElapsedSeconds);
        _phases.Start();
        StopReason reason = StopReason.Completed;
        while (_state.Epoch < _options.Epochs && reason == StopReason.Completed)
        {
            reason = HasStopped ? StopReason.NoProgress : RunEpoch(timing, progress, cancellationToken);
        }
        finish(reason);
        _phases.Spent(TrainingPhase.Other);
        return new TrainingResult(
            reason, _state.Step, [.. _history], timing.SamplesPerSecond, timing.Elapsed, _options.KeepBest && _state.BestEpoch > 0 ? _state.BestEpoch : null,
            new TrainingProfile([.. Enum.GetValues<TrainingPhase>().Select(phase => KeyValuePair.Create(phase, _phases.Of(phase)))], operators()));
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
        double factor = _options.Schedule.Factor(new ScheduleMoment(_state.Step, StepsPerEpoch, share, Losses()));
        double rate = _options.Optimizer.LearningRate * factor;
        (float loss, int correct) = _learner.Learn(batch, ((long)_state.Epoch * _loader.BatchCount) + batch.Index, moves, factor);
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
        double? best = _state.BestEpoch == 0 ? null : _history[_state.BestEpoch - 1].ValidationLoss;
        Judgement? validation = _learner.Judge(best);
        if (validation is not null && (best is null || validation.Loss < best))
        {
            _state = _state with { BestEpoch = _state.Epoch + 1 };
        }
        _phases.Spent(TrainingPhase.Validation);
        _history.Add(new EpochRecord(
            _state.Epoch + 1, _state.Seen, _state.LossSum / _state.Seen, Accuracy, validation?.Loss, validation?.Classes?.Accuracy, _state.LearningRate, seconds(), validation?.Boxes?.Ap50));
    }

    private double? Accuracy => _hasClasses ? (double)_state.Correct / _state.Seen : null;

    private void SaveCheckpoint(RunTiming timing, double epochSeconds)
    {
        if (_options.CheckpointPath is { } path)
        {
            _learner.Save(path, _state with { ElapsedSeconds = timing.Elapsed.TotalSeconds, EpochSeconds = epochSeconds, History = [.. _history] });
            timing.CheckpointDone();
        }
    }

    private TrainingProgress Progress(RunTiming timing)
    {
        long all = (long)_options.Epochs * _samples;
        long done = ((long)_state.Epoch * _samples) + _state.Seen;
        return new TrainingProgress(
            _state.Epoch + 1, _options.Epochs, _state.Batch, _loader.BatchCount, _state.LossSum / _state.Seen,
            Accuracy, timing.SamplesPerSecond, timing.TimeLeft(all - done), _state.LearningRate);
    }
}
