using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>Frames of a source that waits for its reader: none is dropped.</summary>
internal sealed class PullFeed(SupervisedSource source) : IFeed
{
    private long _given;

    public long Given => Interlocked.Read(ref _given);

    public long Dropped => 0;

    public SupervisedSource Source => source;

    public Pulse? Pulse => null;

    public void Start()
    {
    }

    public void Pause(bool paused)
    {
        // Nobody pulls while the pipeline's door is closed.
    }

    public bool Take(Slot slot, Pulse pulse)
    {
        bool there = false;
        try
        {
            there = source.Next(slot.Frame, pulse);
            return there;
        }
        catch (Imaging.ImageException)
        {
            there = true;
            throw;
        }
        finally
        {
            Interlocked.Add(ref _given, there ? 1 : 0);
        }
    }

    public void Stop() => source.Stop();

    public void Dispose() => source.Dispose();
}
