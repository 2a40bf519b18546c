using Edge.Foundation;
using Edge.Hardware;
using Edge.Hardware.Gpio;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Gpio;

/// <summary>
/// One line of the board. A thread of its own holds it: it waits for the changes of an input and sets an output, and asks for the
/// line again, after a back-off, whenever it cannot be had.
/// </summary>
internal sealed class GpioPort : IDisposable
{
    private const int PollMilliseconds = 200;

    private readonly Func<GpioConfig, GpioLine> _open;
    private readonly Action<GpioPort> _changed;
    private readonly Action<GpioPort, GpioEdge, long> _edge;
    private readonly CancellationTokenSource _stop = new();
    private readonly AutoResetEvent _wish = new(false);
    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), new Random());
    private readonly Thread _thread;
    private volatile bool _wanted;
    private long _sequence;

    /// <summary>Makes a port; the line is asked for by <see cref="Start"/>.</summary>
    /// <param name="config">A checked configuration.</param>
    /// <param name="open">Asks for the line.</param>
    /// <param name="changed">Told on the port's thread when <see cref="Active"/> or <see cref="Error"/> is another one.</param>
    /// <param name="edge">Told on the port's thread of a change of an input, and how many before it the kernel forgot.</param>
    internal GpioPort(GpioConfig config, Func<GpioConfig, GpioLine> open, Action<GpioPort> changed, Action<GpioPort, GpioEdge, long> edge)
    {
        (Config, _open, _changed, _edge, _wanted) = (config, open, changed, edge, config.Active);
        _thread = new Thread(Run) { IsBackground = true, Name = $"gpio {config.Name}" };
    }

    internal GpioConfig Config { get; }

    internal string Name => Config.Name;

    /// <summary>Whether the line is active; null while it cannot be had.</summary>
    internal bool? Active { get; private set; }

    /// <summary>Why the line cannot be had; null where it can.</summary>
    internal string? Error { get; private set; }

    internal void Start() => _thread.Start();

    /// <summary>Sets an output, at once or as soon as the line can be had.</summary>
    internal void Set(bool active)
    {
        _wanted = active;
        _wish.Set();
    }

    /// <summary>Gives the line back.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted) || _thread.Join(TimeSpan.FromSeconds(2)))
        {
            _stop.Dispose();
            _wish.Dispose();
        }
    }

    private void Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using GpioLine line = _open(Config with { Active = _wanted });
                _backoff.Reset();
                _sequence = 0;
                Tell(line.Value, null);
                Hold(line);
            }
            catch (HardwareException e)
            {
                TimeSpan delay = _backoff.Next();
                if (e.Message != Error)
                {
                    Log.Warning($"gpio {Name}: {e.Message}: next attempt in {delay.TotalSeconds:0.0} s");
                }
                Tell(null, e.Message);
                _stop.Token.WaitHandle.WaitOne(delay);
            }
        }
    }

    private void Hold(GpioLine line)
    {
        WaitHandle[] events = [_stop.Token.WaitHandle, _wish];
        while (!_stop.IsCancellationRequested)
        {
            if (!Config.IsOutput)
            {
                Watch(line);
            }
            else if (WaitHandle.WaitAny(events) == 1)
            {
                line.Value = _wanted;
                Tell(line.Value, null);
            }
        }
    }

    private void Watch(GpioLine line)
    {
        if (line.WaitForEdge(PollMilliseconds) is { } edge)
        {
            long lost = Math.Max(0, edge.Sequence - _sequence - 1);
            _sequence = edge.Sequence;
            _edge(this, edge, lost);
            Tell(edge.IsRising, null);
        }
    }

    private void Tell(bool? active, string? error)
    {
        bool isNews = active != Active || error != Error;
        (Active, Error) = (active, error);
        if (isNews)
        {
            _changed(this);
        }
    }
}
