namespace Edge.Mqtt;

/// <summary>
/// Counts the messages on their way, so that no more than a limit are. The library names each by a 16-bit id;
/// the acknowledgement may come on another thread before the publisher has learnt the id, so the two meet in a table:
/// whoever comes second completes the message.
/// </summary>
/// <param name="limit">How many messages may be on their way.</param>
/// <param name="done">Called once for every message that was sent with a tag, when it is over; on the thread of whoever completes it. Null for nobody.</param>
internal sealed class InFlight(int limit, Action<long>? done = null)
{
    private const byte Free = 0;
    private const byte SentUnsure = 1;
    private const byte SentSure = 2;
    private const byte AcknowledgedEarly = 3;

    private readonly byte[] _states = new byte[ushort.MaxValue + 1];
    private readonly long[] _tags = done is null ? [] : new long[ushort.MaxValue + 1];
    private readonly object _changed = new();
    private int _count;
    private int _waiters;
    private int _wakeAt;

    internal int Count => Volatile.Read(ref _count);

    /// <summary>Takes a place, if there is one.</summary>
    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _count) <= limit)
        {
            return true;
        }
        Leave();
        return false;
    }

    /// <summary>Takes a place beyond the limit.</summary>
    internal void Enter() => Interlocked.Increment(ref _count);

    /// <summary>Gives a place back: the message was not accepted, or it is done.</summary>
    internal void Leave()
    {
        // Nobody is woken to find that he must wait on: a thread's waking costs more than many acknowledgements.
        if (Interlocked.Decrement(ref _count) <= Volatile.Read(ref _wakeAt))
        {
            Wake();
        }
    }

    /// <summary>The publisher's half: the message has this id.</summary>
    /// <param name="messageId">The library's id.</param>
    /// <param name="sure">Whether the library sends it again after a reconnect (QoS 1 and 2).</param>
    /// <param name="tag">What the publisher calls it; 0 for nothing.</param>
    internal void Sent(int messageId, bool sure, long tag = 0)
    {
        if (done is not null)
        {
            // Before the state: whoever finds that set finds the tag.
            _tags[(ushort)messageId] = tag;
        }
        ref byte state = ref _states[(ushort)messageId];
        byte before = Interlocked.Exchange(ref state, sure ? SentSure : SentUnsure);
        if (before == AcknowledgedEarly)
        {
            Complete(ref state, messageId);
        }
        else if (before != Free)
        {
            // The id has come round and its former message was never reported: that one is over.
            Leave();
        }
    }

    /// <summary>The acknowledgement's half.</summary>
    internal void Acknowledged(int messageId)
    {
        ref byte state = ref _states[(ushort)messageId];
        if (Interlocked.Exchange(ref state, AcknowledgedEarly) is SentSure or SentUnsure)
        {
            Complete(ref state, messageId);
        }
    }

    /// <summary>Forgets messages that the library does not send again. No publisher may be active.</summary>
    /// <returns>How many were lost.</returns>
    internal int ForgetUnsure()
    {
        int lost = 0;
        for (int i = 0; i < _states.Length; i++)
        {
            if (_states[i] == SentUnsure)
            {
                _states[i] = Free;
                lost++;
                Leave();
            }
        }
        return lost;
    }

    /// <summary>Waits until at most <paramref name="count"/> messages are on their way, or <see cref="Wake"/> finds nothing to wait for.</summary>
    /// <param name="count">How many may remain.</param>
    /// <param name="timeout">The longest wait.</param>
    /// <param name="abandon">Read at every wake-up: true ends the wait.</param>
    /// <returns>Whether at most <paramref name="count"/> are on their way.</returns>
    internal bool WaitUntilAtMost(int count, TimeSpan timeout, ref bool abandon)
    {
        if (Count <= count)
        {
            return true;
        }
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_changed)
        {
            _wakeAt = _waiters == 0 ? count : Math.Max(_wakeAt, count);
            Interlocked.Increment(ref _waiters);
            while (Count > count && !Volatile.Read(ref abandon))
            {
                long left = deadline - Environment.TickCount64;
                if (left <= 0 || !Monitor.Wait(_changed, (int)Math.Min(left, int.MaxValue)))
                {
                    break;
                }
            }
            Interlocked.Decrement(ref _waiters);
        }
        return Count <= count;
    }

    private void Complete(ref byte state, int messageId)
    {
        long tag = done is null ? 0 : _tags[(ushort)messageId];
        Volatile.Write(ref state, Free);
        Leave();
        if (tag != 0)
        {
            done!(tag);
        }
    }

    /// <summary>Lets those who wait look again.</summary>
    internal void Wake()
    {
        if (Volatile.Read(ref _waiters) > 0)
        {
            lock (_changed)
            {
                Monitor.PulseAll(_changed);
            }
        }
    }
}
