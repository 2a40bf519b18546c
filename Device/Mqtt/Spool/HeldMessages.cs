namespace Edge.Mqtt.Spool;

/// <summary>
/// Copies of messages that went straight to the connection and are not acknowledged yet: where the connection breaks they are
/// written down, so that the end of the process loses none. Thread-safe; after warm-up without allocations.
/// </summary>
internal sealed class HeldMessages
{
    private readonly Lock _gate = new();
    private readonly Place?[] _places;
    private readonly int[] _free;
    private long _order;

    /// <param name="capacity">How many can be held.</param>
    internal HeldMessages(int capacity)
    {
        (_places, _free) = (new Place?[capacity], new int[capacity]);
        Clear();
    }

    /// <summary>How many are held.</summary>
    internal int Count { get; private set; }

    /// <summary>Keeps a copy.</summary>
    /// <returns>The place, from 1; 0 where there is none.</returns>
    internal int Hold(OutboxStream stream, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (Count == _places.Length)
            {
                return 0;
            }
            // The place that was freed last: as many have a buffer as were ever needed at once.
            int index = _free[_places.Length - 1 - Count];
            Place place = _places[index] ??= new Place();
            if (place.Payload.Length < payload.Length)
            {
                place.Payload = new byte[Math.Max(1024, payload.Length * 2)];
            }
            payload.CopyTo(place.Payload);
            (place.Stream, place.Length, place.Order, place.Row) = (stream, payload.Length, ++_order, 0);
            Count++;
            return index + 1;
        }
    }

    /// <summary>Lets a message go.</summary>
    /// <param name="number">Its place.</param>
    /// <returns>Its row in the spool; 0 where it was not written down.</returns>
    internal long Release(int number)
    {
        lock (_gate)
        {
            if (_places[number - 1] is not { Stream: not null } place)
            {
                return 0;
            }
            place.Stream = null;
            Count--;
            _free[_places.Length - 1 - Count] = number - 1;
            return place.Row;
        }
    }

    /// <summary>Gives every message that is not written down yet to a writer, the oldest first.</summary>
    /// <param name="write">Writes it and says in which row.</param>
    internal void WriteDown(Func<OutboxStream, ReadOnlyMemory<byte>, long> write)
    {
        lock (_gate)
        {
            var open = new List<Place>();
            foreach (Place? place in _places)
            {
                if (place is { Stream: not null, Row: 0 })
                {
                    open.Add(place);
                }
            }
            open.Sort(static (a, b) => a.Order.CompareTo(b.Order));
            foreach (Place place in open)
            {
                place.Row = write(place.Stream!, place.Payload.AsMemory(0, place.Length));
            }
        }
    }

    /// <summary>What was written from a row on was undone.</summary>
    internal void Unwrite(long from)
    {
        lock (_gate)
        {
            foreach (Place? place in _places)
            {
                if (place is not null && place.Row >= from)
                {
                    place.Row = 0;
                }
            }
        }
    }

    /// <summary>Lets everything go.</summary>
    internal void Clear()
    {
        lock (_gate)
        {
            for (int i = 0; i < _places.Length; i++)
            {
                if (_places[i] is { } place)
                {
                    place.Stream = null;
                }
                // The first place on top.
                _free[_places.Length - 1 - i] = i;
            }
            Count = 0;
        }
    }

    private sealed class Place
    {
        internal OutboxStream? Stream { get; set; }

        internal byte[] Payload { get; set; } = [];

        internal int Length { get; set; }

        internal long Order { get; set; }

        internal long Row { get; set; }
    }
}
