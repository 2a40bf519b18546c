using System.Runtime.InteropServices;

namespace Edge.Mqtt.Native;

/// <summary>
/// Wakes a thread that waits for a socket (an <c>eventfd</c>). It costs a system call only where that thread waits: while it is at
/// work whoever has something for it only looks. One thread waits; any may ring.
/// </summary>
internal sealed unsafe class Bell : IDisposable
{
    private readonly int _descriptor;
    private int _isAwaited;

    /// <exception cref="MqttException">The process has no descriptor left.</exception>
    internal Bell()
    {
        _descriptor = Libc.EventFile(0, Libc.EventNonBlocking | Libc.EventCloseOnExec);
        if (_descriptor < 0)
        {
            throw new MqttException($"MQTT: no file descriptor can be had ({Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}): raise the limit of open files");
        }
    }

    /// <summary>From here on the bell is heard: look once more for work, then <see cref="Wait"/>.</summary>
    internal void Listen() => Interlocked.Exchange(ref _isAwaited, 1);

    /// <summary>Waits for the bell or a socket.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="events">What of it to wait for.</param>
    /// <param name="timeoutMilliseconds">The longest wait.</param>
    /// <returns>What happened at the socket; 0 for nothing.</returns>
    internal short Wait(int socket, short events, int timeoutMilliseconds)
    {
        PollDescriptor* descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { Descriptor = socket, Events = events };
        descriptors[1] = new PollDescriptor { Descriptor = _descriptor, Events = Libc.PollIn };
        int count = Libc.Poll(descriptors, 2, timeoutMilliseconds);
        Volatile.Write(ref _isAwaited, 0);
        if (count > 0 && descriptors[1].Happened != 0)
        {
            ulong rings;
            _ = Libc.Read(_descriptor, &rings, sizeof(ulong));
        }
        return count > 0 ? descriptors[0].Happened : (short)0;
    }

    /// <summary>Wakes the thread, if it waits.</summary>
    internal void Ring()
    {
        // What the thread is to find was written before it is looked at whether the thread waits.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAwaited) != 0 && Interlocked.Exchange(ref _isAwaited, 0) != 0)
        {
            ulong one = 1;
            _ = Libc.Write(_descriptor, &one, sizeof(ulong));
        }
    }

    public void Dispose() => _ = Libc.Close(_descriptor);
}
