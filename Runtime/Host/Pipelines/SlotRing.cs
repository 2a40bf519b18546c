namespace Edge.Runtime.Pipelines;

/// <summary>
/// The frames of a pipeline that are on their way, taken and handed on in one order, whatever order workers finish them in.
/// </summary>
internal sealed class SlotRing : IDisposable
{
    private readonly Slot[] _slots;
    private readonly object _gate = new();
    private long _taken;
    private long _emitted;
    private bool _stopping;

    internal SlotRing(int workers)
    {
        // Places beyond the workers, so that a slow frame does not hold up the others at once.
        _slots = new Slot[workers == 1 ? 1 : workers * 2];
        for (int i = 0; i < _slots.Length; i++)
        {
            _slots[i] = new Slot();
        }
    }

    /// <summary>Held while frames are handed on.</summary>
    internal object Gate => _gate;

    /// <summary>Waits for the next place. One thread at a time, until <see cref="Begin"/>.</summary>
    internal Slot WaitForFree()
    {
        Slot slot = _slots[_taken % _slots.Length];
        lock (_gate)
        {
            while (!slot.IsFree && !_stopping)
            {
                Monitor.Wait(_gate);
            }
        }
        return slot;
    }

    /// <summary>A place holds a frame, which is now on its way.</summary>
    internal void Begin(Slot slot)
    {
        slot.Sequence = ++_taken;
        slot.IsFree = false;
        slot.IsDone = false;
    }

    /// <summary>Marks a frame as done, and hands on what is done up to the first that is not.</summary>
    /// <param name="done">The frame.</param>
    /// <param name="outlet">Gets the results.</param>
    internal void HandOn(Slot done, Outlet outlet)
    {
        lock (_gate)
        {
            done.IsDone = true;
            for (Slot slot = _slots[_emitted % _slots.Length]; slot.IsDone && !slot.IsFree; slot = _slots[_emitted % _slots.Length])
            {
                if (slot.HasResult && slot.Model is { } model)
                {
                    outlet.Publish(slot, model);
                }
                slot.Model?.Leave();
                slot.Model = null;
                slot.IsDone = false;
                slot.IsFree = true;
                _emitted++;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Ends waiting.</summary>
    internal void Stop()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose() => Array.ForEach(_slots, slot => slot.Dispose());
}
