using System.Diagnostics;
using Edge.Training;

namespace Edge.Benchmarks.Training;

/// <summary>A trainer on a thread of its own that waits between two epochs, so that somebody else can have the processor.</summary>
internal sealed class EpochByEpoch : IDisposable, IProgress<TrainingProgress>
{
    private readonly Trainer _trainer;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _go = new(0);
    private readonly SemaphoreSlim _done = new(0);
    private readonly CancellationTokenSource _stop = new();
    private long _allocatedBefore;
    private TrainingProgress _last;

    private readonly int _images;
    private TrainingProfile? _profile;

    /// <summary>Takes the trainer over; an epoch has so many images.</summary>
    public EpochByEpoch(Trainer trainer, int images)
    {
        _trainer = trainer;
        _images = images;
        _thread = new Thread(() => _profile = _trainer.Run(this, _stop.Token).Profile) { IsBackground = true };
    }

    public double AllocatedPerStep { get; private set; }

    public EpochFigures Train()
    {
        if (!_thread.IsAlive)
        {
            long begin = Stopwatch.GetTimestamp();
            _thread.Start();
            return Wait(begin);
        }
        long now = Stopwatch.GetTimestamp();
        _go.Release();
        return Wait(now);
    }

    public void Report(TrainingProgress value)
    {
        if (value.Step < value.Steps)
        {
            return;
        }
        _last = value;
        AllocatedPerStep = (double)(GC.GetAllocatedBytesForCurrentThread() - _allocatedBefore) / value.Steps;
        _done.Release();
        _go.Wait();
        // The pause is nobody's time.
        _allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>Ends training and says where its time went.</summary>
    public TrainingProfile Finish()
    {
        _stop.Cancel();
        _go.Release();
        _thread.Join();
        return _profile!;
    }

    public void Dispose()
    {
        if (_thread.IsAlive)
        {
            Finish();
        }
        _trainer.Dispose();
        _go.Dispose();
        _done.Dispose();
        _stop.Dispose();
    }

    private EpochFigures Wait(long begin)
    {
        _done.Wait();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new EpochFigures(_images / seconds, _last.Loss);
    }
}
