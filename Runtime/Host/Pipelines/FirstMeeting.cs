namespace Edge.Runtime.Pipelines;

/// <summary>
/// The runtime makes what threads wait with when one first has to wait: an event for a lock, a place in its queue for a thread. Doing
/// so at the start leaves nothing to be made among the frames.
/// </summary>
internal static class FirstMeeting
{
    private const int Milliseconds = 1;

    /// <summary>Lets two threads meet at each of some locks.</summary>
    internal static void At(params ReadOnlySpan<object> gates)
    {
        foreach (object gate in gates)
        {
            var other = new Thread(() =>
            {
                if (Monitor.TryEnter(gate, Milliseconds))
                {
                    Monitor.Exit(gate);
                }
            })
            {
                IsBackground = true,
            };
            lock (gate)
            {
                other.Start();
                other.Join();
            }
        }
    }

    /// <summary>Lets this thread wait for nothing.</summary>
    internal static void OfThisThread(object gate)
    {
        lock (gate)
        {
            Monitor.Wait(gate, 0);
        }
    }
}
