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
    private long _samples;

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

    public double SamplesPerSecond => _training > TimeSpan.Zero ? _samples / _training.TotalSeconds : 0;

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

    /// <summary>The time since the last step, waiting for samples included, went into these samples.</summary>
    public void StepEnds(int samples)
    {
        long now = _clock.GetTimestamp();
        _training += _clock.GetElapsedTime(_mark, now);
        _mark = now;
        _samples += samples;
    }

    public void CheckpointDone() => _lastCheckpoint = _mark = _clock.GetTimestamp();

    /// <summary>How far training is, from 0 to 1, where a share of all steps is done; a time budget counts as a share too.</summary>
    public double Share(double done) => Math.Min(1, _options.TimeBudget is { } budget ? Math.Max(done, Elapsed / budget) : done);

    public TimeSpan TimeLeft(long samples)
    {
        double rate = SamplesPerSecond;
        TimeSpan left = rate > 0 ? TimeSpan.FromSeconds(Math.Min(samples / rate, TimeSpan.MaxValue.TotalSeconds / 2)) : TimeSpan.MaxValue;
        if (_options.TimeBudget is { } budget)
        {
            TimeSpan rest = budget - Elapsed;
            left = rest < left ? rest : left;
        }
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
