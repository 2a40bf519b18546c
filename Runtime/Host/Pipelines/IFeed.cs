using Edge.Runtime.Sources;

namespace Edge.Runtime.Pipelines;

/// <summary>How frames come from a source to the workers: pulled one after the other, or the newest of a live source.</summary>
internal interface IFeed : IDisposable
{
    /// <summary>Frames that the source gave.</summary>
    long Given { get; }

    /// <summary>Frames that a newer one pushed out.</summary>
    long Dropped { get; }

    /// <summary>The source.</summary>
    SupervisedSource Source { get; }

    /// <summary>Where the thread of a live source stands; null where workers pull.</summary>
    Pulse? Pulse { get; }

    void Start();

    /// <summary>Closes a live source and forgets its newest frame, until it is to go on; others wait where they are.</summary>
    void Pause(bool paused);

    /// <summary>Fills a slot's frame. One thread at a time.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="Imaging.ImageException">The frame is there, but cannot be read.</exception>
    bool Take(Slot slot, Pulse pulse);

    /// <summary>Ends waiting, for good.</summary>
    void Stop();
}
