using System.Diagnostics;

namespace Edge.Runtime.Sources;

/// <summary>
/// Where a thread stands, for the watchdog: idle (waiting for something that may take any time) or in a stage since when.
/// Its own thread writes, others read.
/// </summary>
internal sealed class Pulse(string owner)
{
    private long _since;
    private string? _stage;

    /// <summary>Whose pulse it is, for messages.</summary>
    internal string Owner { get; } = owner;

    /// <summary>The stage that the thread is in; null while it waits.</summary>
    internal string? Stage => Volatile.Read(ref _stage);

    /// <summary>How long the thread has been in its stage without a sign of life; zero while it waits.</summary>
    internal TimeSpan Age => Stage is null ? TimeSpan.Zero : Stopwatch.GetElapsedTime(Interlocked.Read(ref _since));

    /// <summary>Enters a stage, or gives a sign of life in it.</summary>
    internal void Enter(string stage)
    {
        Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
        Volatile.Write(ref _stage, stage);
    }

    /// <summary>A sign of life within the stage.</summary>
    internal void Beat() => Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());

    /// <summary>The thread waits for something that may take any time.</summary>
    internal void Leave() => Volatile.Write(ref _stage, null);
}
