namespace Edge.Training;

/// <summary>Everything about time in one run of a <see cref="Trainer"/>.</summary>
internal sealed class RunTiming
{
    private readonly TimeProvider _clock;
    private readonly TrainerOptions _options;
    private readonly TimeSpan _before;
    private readonly long _begin;
    private long _mark;
    private long _lastCheckpoint;
    private long _lastProgress;
    private TimeSpan _training;
    private long _images;

    public RunTiming(TimeProvider clock, TrainerOptions options, double secondsBefore)
    {
        _clock = clock;
        _options = options;
        _before = TimeSpan.FromSeconds(secondsBefore);
        _begin = clock.GetTimestamp();
        _lastCheckpoint = _begin;
    }

    /// <summary>Since training first began, pauses between runs not counted.</summary>
    public TimeSpan Elapsed => _before + _clock.GetElapsedTime(_begin);

    public bool IsOver => _options.TimeBudget is { } budget && Elapsed >= budget;

    public bool IsCheckpointDue => _options.CheckpointPath is not null && _clock.GetElapsedTime(_lastCheckpoint) >= _options.CheckpointInterval;

    public double ImagesPerSecond => _training > TimeSpan.Zero ? _images / _training.TotalSeconds : 0;

    /// <summary>True at most once in a progress interval.</summary>
    public bool IsProgressDue
    {
        get
        {
            if (_lastProgress != 0 && _clock.GetElapsedTime(_lastProgress) < _options.ProgressInterval)
            {
                return false;
            }
            _lastProgress = _clock.GetTimestamp();
            return true;
        }
    }

    /// <summary>From here on, time counts as training.</summary>
    public void TrainingBegins() => _mark = _clock.GetTimestamp();

    /// <summary>The time since the last step, waiting for images included, went into these images.</summary>
    public void StepEnds(int images)
    {
        long now = _clock.GetTimestamp();
        _training += _clock.GetElapsedTime(_mark, now);
        _mark = now;
        _images += images;
    }

    public void CheckpointDone() => _lastCheckpoint = _mark = _clock.GetTimestamp();

    /// <summary>The rate where a share of all steps is done; a time budget counts as a share too.</summary>
    public double LearningRate(double done)
    {
        double full = _options.Optimizer.LearningRate;
        if (_options.Schedule == LearningRateSchedule.Constant)
        {
            return full;
        }
        double share = _options.TimeBudget is { } budget ? Math.Max(done, Elapsed / budget) : done;
        return full * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(share, 1)));
    }

    public TimeSpan TimeLeft(long images)
    {
        double rate = ImagesPerSecond;
        TimeSpan left = rate > 0 ? TimeSpan.FromSeconds(Math.Min(images / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : TimeSpan.MaxValue;
        if (_options.TimeBudget is { } budget)
        {
            TimeSpan rest = budget - Elapsed;
            left = rest < left ? rest : left;
        }
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
