using Edge.Runtime.Models;

namespace Edge.Runtime.Pipelines;

/// <summary>Lets workers take frames while there is a model, it is not in quarantine, and the pipeline is enabled. Thread-safe.</summary>
/// <param name="quarantine">Whether the model is left alone.</param>
/// <param name="enabled">Whether the pipeline starts enabled.</param>
internal sealed class Door(Quarantine quarantine, bool enabled)
{
    private readonly object _gate = new();
    private PipelineModel? _model;
    private bool _enabled = enabled;
    private bool _closed;

    /// <summary>Held while the model changes hands.</summary>
    internal object Gate => _gate;

    internal PipelineModel? Model => Volatile.Read(ref _model);

    /// <summary>Pauses or goes on.</summary>
    internal void Enable(bool enabled)
    {
        lock (_gate)
        {
            Volatile.Write(ref _enabled, enabled);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Gives frames from the next one on another model. Takes it over.</summary>
    internal void Use(PipelineModel? model)
    {
        PipelineModel? old;
        lock (_gate)
        {
            (old, _model) = (_model, model);
            Monitor.PulseAll(_gate);
        }
        old?.Leave();
    }

    /// <summary>Lets workers look again.</summary>
    internal void Look()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Closes it for good.</summary>
    internal void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until frames may be taken.</summary>
    /// <returns>False if the door was closed for good.</returns>
    internal bool Wait()
    {
        lock (_gate)
        {
            while (!_closed && (_model is null || !_enabled || quarantine.IsActive))
            {
                Monitor.Wait(_gate);
            }
            return !_closed;
        }
    }

    /// <summary>The model for a frame, which uses it from now on.</summary>
    internal PipelineModel? Enter()
    {
        lock (_gate)
        {
            _model?.Enter();
            return _model;
        }
    }
}
