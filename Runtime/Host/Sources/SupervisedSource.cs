using System.Diagnostics;
using Edge.Foundation;
using Edge.Imaging;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Sources;

/// <summary>
/// A source that is opened again, after a jittered back-off, whenever it fails, hangs or sends rubbish. One thread takes frames;
/// others may pause, replace or fail it.
/// </summary>
internal sealed class SupervisedSource : IDisposable
{
    private static readonly TimeSpan BackoffMinimum = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan BackoffMaximum = TimeSpan.FromSeconds(30);

    /// <summary>A source that gave frames for so long was a good one: its next back-off starts from the minimum.</summary>
    private static readonly TimeSpan GoodTime = TimeSpan.FromSeconds(10);

    private readonly string _owner;
    private readonly Backoff _backoff = new(BackoffMinimum, BackoffMaximum, new Random());
    private readonly object _gate = new();
    private SourceConfig _config;
    private CancellationTokenSource _interrupt = new();
    private IFrameSource? _source;
    private string? _failure;
    private long _opened;
    private bool _paused;
    private bool _stopping;

    /// <summary>Makes a source; nothing is opened.</summary>
    /// <param name="owner">The pipeline's name, for messages.</param>
    /// <param name="config">A checked configuration.</param>
    internal SupervisedSource(string owner, SourceConfig config) => (_owner, _config) = (owner, config);

    /// <summary>What the source is, for messages.</summary>
    internal string Name => FrameSources.Describe(_config);

    internal bool IsOpen => Volatile.Read(ref _source) is not null;

    internal long Restarts { get; private set; }

    internal string? LastError { get; private set; }

    internal DateTimeOffset? LastErrorTime { get; private set; }

    /// <summary>Opens the source now, where that says at once whether it is there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    internal void OpenNow()
    {
        if (_config.Type is SourceConfig.Folder or SourceConfig.Images or SourceConfig.Csv)
        {
            _source = FrameSources.Open(_config, _interrupt.Token);
            _opened = Stopwatch.GetTimestamp();
        }
    }

    /// <summary>Waits for the next frame, however often the source must be opened for it.</summary>
    /// <returns>False at the source's end, or after <see cref="Stop"/>.</returns>
    /// <exception cref="ImageException">One file of many cannot be read; the source goes on behind it.</exception>
    internal bool Next(Frame frame, Pulse pulse)
    {
        while (WaitWhilePaused(pulse))
        {
            CancellationToken token = _interrupt.Token;
            if (token.IsCancellationRequested)
            {
                Renew();
                continue;
            }
            try
            {
                Reopen(token);
                if (_source!.Next(frame, pulse, token))
                {
                    return true;
                }
                if (!token.IsCancellationRequested)
                {
                    Close();
                    return false;
                }
            }
            catch (Exception e) when (e is not ImageException && !token.IsCancellationRequested)
            {
                Fail(e, token);
                continue;
            }
            catch (Exception e) when (token.IsCancellationRequested)
            {
                Log.Debug($"pipeline {_owner}: {Name}: interrupted: {e.Message}");
            }
            finally
            {
                pulse.Leave();
            }
        }
        return false;
    }

    /// <summary>Closes the source until it is resumed; frames end meanwhile.</summary>
    internal void Pause(bool paused)
    {
        lock (_gate)
        {
            _paused = paused;
            if (paused)
            {
                _interrupt.Cancel();
            }
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Goes on with another configuration.</summary>
    internal void Replace(SourceConfig config)
    {
        lock (_gate)
        {
            _config = config;
            _failure = null;
            _backoff.Reset();
            _interrupt.Cancel();
        }
    }

    /// <summary>Says that the source sends rubbish: it is opened again after a back-off.</summary>
    internal void Reject(string reason)
    {
        lock (_gate)
        {
            _failure = reason;
        }
    }

    /// <summary>Ends waiting for frames, for good.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            _interrupt.Cancel();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes the source. Nobody may be waiting for frames any more.</summary>
    public void Dispose()
    {
        Close();
        _interrupt.Dispose();
    }

    private void Reopen(CancellationToken token)
    {
        string? failure;
        lock (_gate)
        {
            (failure, _failure) = (_failure, null);
        }
        if (failure is not null)
        {
            throw new SourceException(failure);
        }
        if (_source is null)
        {
#pragma warning disable CA2000 // Close disposes it.
            Volatile.Write(ref _source, FrameSources.Open(_config, token));
#pragma warning restore CA2000
            _opened = Stopwatch.GetTimestamp();
            if (LastError is not null)
            {
                Log.Info($"pipeline {_owner}: {Name}: open again");
            }
        }
    }

    private void Fail(Exception e, CancellationToken token)
    {
        if (_source is not null && Stopwatch.GetElapsedTime(_opened) >= GoodTime)
        {
            _backoff.Reset();
        }
        Close();
        TimeSpan delay = _backoff.Next();
        string reason = Log.OneLine(Failure.Describe(e));
        // A camera that is away for a week fills no log: the same reason is told once.
        if (reason == LastError)
        {
            Log.Debug($"pipeline {_owner}: source: {reason}: next attempt in {delay.TotalSeconds:0.0} s");
        }
        else
        {
            Log.Warning($"pipeline {_owner}: source: {reason}: next attempt in {delay.TotalSeconds:0.0} s");
        }
        (LastError, LastErrorTime, Restarts) = (reason, TimeProvider.System.GetUtcNow(), Restarts + 1);
        token.WaitHandle.WaitOne(delay);
    }

    private bool WaitWhilePaused(Pulse pulse)
    {
        if (!Volatile.Read(ref _paused) && !Volatile.Read(ref _stopping))
        {
            return true;
        }
        pulse.Leave();
        Close();
        lock (_gate)
        {
            while (_paused && !_stopping)
            {
                Monitor.Wait(_gate);
            }
        }
        return !_stopping;
    }

    /// <summary>Makes the source ready to be opened again after an interruption.</summary>
    private void Renew()
    {
        Close();
        lock (_gate)
        {
            if (!_stopping)
            {
                _interrupt.Dispose();
                _interrupt = new CancellationTokenSource();
            }
        }
    }

    private void Close()
    {
        _source?.Dispose();
        Volatile.Write(ref _source, null);
    }
}
