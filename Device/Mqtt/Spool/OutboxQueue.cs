namespace Edge.Mqtt.Spool;

/// <summary>Messages on their way to the disk, in buffers that are used again. One thread at a time.</summary>
/// <param name="capacity">How many there can be.</param>
internal sealed class OutboxQueue(int capacity)
{
    private readonly OutboxStream[] _streams = new OutboxStream[capacity];
    private readonly byte[][] _payloads = new byte[capacity][];
    private readonly int[] _lengths = new int[capacity];
    private readonly long[] _numbers = new long[capacity];

    internal int Count { get; private set; }

    internal bool IsFull => Count == capacity;

    /// <summary>How many of them are events.</summary>
    internal int Events { get; private set; }

    /// <summary>When the first was added (<see cref="Environment.TickCount64"/>).</summary>
    internal long Since { get; private set; }

    internal void Add(OutboxStream stream, ReadOnlySpan<byte> payload)
    {
        byte[]? buffer = _payloads[Count];
        if (buffer is null || buffer.Length < payload.Length)
        {
            _payloads[Count] = buffer = new byte[Math.Max(1024, payload.Length * 2)];
        }
        payload.CopyTo(buffer);
        (_streams[Count], _lengths[Count], _numbers[Count]) = (stream, payload.Length, stream.Number);
        Since = Count == 0 ? Environment.TickCount64 : Since;
        Events += stream.IsEvent ? 1 : 0;
        Count++;
    }

    internal OutboxStream Stream(int index) => _streams[index];

    /// <summary>The number that a message carries.</summary>
    internal long Number(int index) => _numbers[index];

    internal ReadOnlySpan<byte> Payload(int index) => _payloads[index].AsSpan(0, _lengths[index]);

    internal void Clear() => (Count, Events) = (0, 0);
}
