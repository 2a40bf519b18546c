using System.Security.Cryptography;
using Edge.Mqtt.Spool;

namespace Edge.Mqtt;

/// <summary>
/// Sends streams of messages so that none is lost that a spool can keep. Telemetry goes straight to the connection while that
/// stands, without an allocation, and through the spool while it does not; an event is on the disk before it is sent. The order of
/// a topic is kept, and every message has a number. May outlive connections, and be used by all threads.
/// </summary>
public sealed partial class Outbox : IDisposable
{
    /// <summary>Messages on their way to the disk.</summary>
    private const int QueueCapacity = 1024;

    /// <summary>Messages out of the spool that are on their way and not acknowledged.</summary>
    private const int Window = 128;

    private const int HeldCapacity = 1024;

    /// <summary>How long a message waits for a slow broker before it goes to the spool, or for a slow disk before it is dropped.</summary>
    private static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(5);

    private readonly SpoolOptions? _options;
    private readonly Action<string> _tell;
    private readonly TimeProvider _time;
    private readonly SpoolStore? _store;
    private readonly HeldMessages _held = new(HeldCapacity);
    private readonly object _gate = new();
    private readonly Dictionary<string, OutboxStream> _streams = new(StringComparer.Ordinal);
    private readonly Thread? _writer;
    private MqttClient? _client;
    private OutboxQueue _filling = new(QueueCapacity);
    private List<long> _acknowledged = [];
    private long _unsent;
    private long _unsentTelemetry;
    private int _onTheirWay;
    private long _stored;
    private long _replayed;
    private long _dropped;
    private long _refusedEvents;
    private long _acknowledgedSince;
    private long _waiting;
    private long _bytes;
    private long _flushAsked;
    private long _flushDone;
    private bool _mustSave;
    private bool _mustReset;
    private bool _stopping;
    private int _isRefusalTold;

    /// <summary>Opens the spool, if there is to be one.</summary>
    /// <param name="options">Where and how much; null keeps nothing: what cannot be sent is dropped.</param>
    /// <param name="tell">Gets a line, of a few in a long time, about what goes wrong; on any thread.</param>
    /// <param name="timeProvider">The clock of ages; the system's where null.</param>
    /// <exception cref="MqttException">An option is wrong, the file cannot be opened, another process uses it, or SQLite is not on this machine.</exception>
    public Outbox(SpoolOptions? options, Action<string> tell, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(tell);
        options?.Validate();
        (_options, _tell, _time) = (options, tell, timeProvider ?? TimeProvider.System);
        Boot = RandomNumberGenerator.GetHexString(16, lowercase: true);
        if (options is not null)
        {
            _store = SpoolStore.Open(options, tell);
            (_unsent, _unsentTelemetry, _waiting, _bytes) = (_store.Telemetry + _store.Events, _store.Telemetry, _store.Telemetry + _store.Events, _store.Bytes);
            _writer = new Thread(Run) { IsBackground = true, Name = "spool" };
            _writer.Start();
        }
    }

    /// <summary>Names this start of the program in every message: 16 hexadecimal digits, new every time.</summary>
    public string Boot { get; }

    /// <summary>What the spool holds and has done; all zero where there is none.</summary>
    public SpoolCounters Counters
    {
        get
        {
            lock (_gate)
            {
                return new SpoolCounters(_waiting, _bytes, _stored, _replayed, _dropped, _refusedEvents);
            }
        }
    }

    /// <summary>A topic's stream; the same one every time, and after a restart with the number that the spool remembers.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="isEvent">Whether its messages are events: on the disk before they are sent, and never dropped for others.</param>
    public OutboxStream Open(MqttTopic topic, bool isEvent)
    {
        ArgumentNullException.ThrowIfNull(topic);
        lock (_gate)
        {
            if (!_streams.TryGetValue(topic.Name, out OutboxStream? stream))
            {
                _streams.Add(topic.Name, stream = new OutboxStream(this, topic, isEvent, _store?.Numbers.GetValueOrDefault(topic.Name) ?? 0));
            }
            return stream;
        }
    }

    /// <summary>Sends over a connection from here on. It must not be started yet.</summary>
    /// <param name="client">The connection; not owned.</param>
    public void Attach(MqttClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        client.PublishRefused += OnRefused;
        if (_store is not null)
        {
            client.Delivered = OnDelivered;
            client.StateChanged += OnStateChanged;
        }
        Volatile.Write(ref _client, client);
    }

    /// <summary>The connection is closed for good: what it had not delivered waits for the next one.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            Volatile.Write(ref _client, null);
            _onTheirWay = 0;
            _mustReset = _store is not null && !_stopping;
            Monitor.PulseAll(_gate);
            while (_mustReset && !_stopping)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits until everything that was accepted so far is on the disk or handed to the connection.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>Whether it is.</returns>
    public bool Flush(TimeSpan timeout)
    {
        lock (_gate)
        {
            long ticket = ++_flushAsked;
            Monitor.PulseAll(_gate);
            return _store is null || WaitFor(() => _flushDone >= ticket, timeout);
        }
    }

    /// <summary>Waits until the spool is empty and everything in it acknowledged, as long as the connection stands.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>Whether it is.</returns>
    public bool Drain(TimeSpan timeout)
    {
        lock (_gate)
        {
            return _store is null || WaitFor(() => (_unsent == 0 && _onTheirWay == 0) || _client?.State != MqttState.Connected, timeout) && _unsent == 0 && _onTheirWay == 0;
        }
    }

    /// <summary>Writes down what is not delivered, and closes the spool. The connection must be closed before.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.PulseAll(_gate);
        }
        _writer?.Join();
        _store?.Dispose();
    }

    internal bool Publish(OutboxStream stream, ReadOnlySpan<byte> message)
    {
        MqttClient? client = Volatile.Read(ref _client);
        if (_store is null)
        {
            bool isSent = client is not null && Send(client, stream.Topic, message, tag: 0) == MqttPublishResult.Queued;
            if (!isSent)
            {
                CountLost(stream.IsEvent);
            }
            return isSent;
        }
        // Telemetry must not overtake telemetry that waits in the spool.
        if (client is not null && !stream.IsEvent && Interlocked.Read(ref _unsentTelemetry) == 0 && _held.Hold(stream, message) is > 0 and int place)
        {
            MqttPublishResult result = Send(client, stream.Topic, message, -place);
            if (result == MqttPublishResult.Queued)
            {
                return true;
            }
            _ = _held.Release(place);
            if (result is MqttPublishResult.TooLarge or MqttPublishResult.Failed)
            {
                CountLost(isEvent: false);
                return false;
            }
        }
        return Enqueue(stream, message);
    }

    private static MqttPublishResult Send(MqttClient client, MqttTopic topic, ReadOnlySpan<byte> message, long tag)
    {
        MqttPublishResult result = client.TryPublishTagged(topic, message, MqttQos.AtLeastOnce, retain: false, tag);
        while (result == MqttPublishResult.QueueFull && client.WaitForRoom(RoomPatience))
        {
            result = client.TryPublishTagged(topic, message, MqttQos.AtLeastOnce, retain: false, tag);
        }
        return result;
    }

    private bool Enqueue(OutboxStream stream, ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            long deadline = Environment.TickCount64 + (long)RoomPatience.TotalMilliseconds;
            while (_filling.IsFull && !_stopping && Environment.TickCount64 < deadline)
            {
                Monitor.Wait(_gate, RoomPatience);
            }
            if (_filling.IsFull || _stopping)
            {
                CountLost(stream.IsEvent);
                return false;
            }
            _filling.Add(stream, message);
            _unsent++;
            Interlocked.Add(ref _unsentTelemetry, stream.IsEvent ? 0 : 1);
            if (stream.IsEvent || _filling.Count == 1 || _filling.Count >= QueueCapacity / 2)
            {
                Monitor.PulseAll(_gate);
            }
            return true;
        }
    }

    private void OnDelivered(long tag)
    {
        lock (_gate)
        {
            long row = tag < 0 ? _held.Release((int)-tag) : tag;
            if (row > 0)
            {
                _acknowledgedSince = _acknowledged.Count == 0 ? Environment.TickCount64 : _acknowledgedSince;
                _acknowledged.Add(row);
            }
            if (tag > 0 && Interlocked.Decrement(ref _onTheirWay) is 0 or Window / 2)
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void OnStateChanged(object? sender, MqttStateChangedEventArgs e)
    {
        lock (_gate)
        {
            _mustSave |= e.State == MqttState.Waiting && _held.Count > 0;
            Monitor.PulseAll(_gate);
        }
    }

    private void OnRefused(string reason)
    {
        if (Interlocked.Exchange(ref _isRefusalTold, 1) == 0)
        {
            _tell($"mqtt: the broker refuses messages: {reason}: check the user's rights (told once)");
        }
    }

    private void CountLost(bool isEvent)
    {
        Interlocked.Add(ref _dropped, isEvent ? 0 : 1);
        Interlocked.Add(ref _refusedEvents, isEvent ? 1 : 0);
    }

    private bool WaitFor(Func<bool> condition, TimeSpan timeout)
    {
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        for (long left = deadline - Environment.TickCount64; !condition() && left > 0 && !_stopping; left = deadline - Environment.TickCount64)
        {
            Monitor.Wait(_gate, (int)Math.Min(left, 100));
        }
        return condition();
    }
}
