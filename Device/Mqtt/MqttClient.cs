using System.Runtime.InteropServices;
using Edge.Foundation;
using Edge.Mqtt.Native;

namespace Edge.Mqtt;

/// <summary>
/// An MQTT 5 connection that keeps itself alive: a thread of its own connects, and connects again with back-off
/// whatever goes wrong, until <see cref="Disconnect"/> or <see cref="Dispose"/>. Any thread may publish and subscribe.
/// </summary>
public sealed partial class MqttClient : IDisposable, IAsyncDisposable
{
    private readonly MqttClientOptions _options;
    private readonly MosquittoHandle _handle;
    private readonly InFlight _inFlight;
    private readonly Backoff _backoff;
    private readonly ITimer _timer;
    private readonly Bell _bell;
    private readonly object _sleep = new();
    private readonly Thread _thread;
    private readonly List<MqttSubscription> _subscriptions = [];
    private readonly Lock _subscriptionsLock = new();
    private int _protocol;
    private Action<long>? _delivered;
    private GCHandle _self;
    private int _started;
    private int _users;
    private bool _away = true;
    private bool _closed;
    private bool _elapsed;
    private volatile bool _stopping;
    private volatile MqttState _state = MqttState.Idle;
    private long _published;
    private long _acknowledged;
    private long _lost;
    private long _refused;
    private long _received;
    private long _receivedDropped;
    private long _connections;

    /// <summary>Makes a client; nothing is sent before <see cref="Start"/>.</summary>
    /// <param name="options">How to reach the broker.</param>
    /// <exception cref="MqttException">An option is wrong, or libmosquitto is not on this machine.</exception>
    public MqttClient(MqttClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        MqttLibrary.Load();
        _bell = new Bell();
        _options = options;
        _inFlight = new InFlight(options.InFlightLimit, tag => Volatile.Read(ref _delivered)?.Invoke(tag));
        _backoff = new Backoff(options.BackoffMinimum, options.BackoffMaximum, new Random());
        _self = GCHandle.Alloc(this);
        _handle = Mosquitto.New(options.ClientId, options.SessionExpiry > TimeSpan.Zero ? (byte)0 : (byte)1, GCHandle.ToIntPtr(_self));
        try
        {
            Configure();
        }
        catch
        {
            _handle.Dispose();
            _bell.Dispose();
            _self.Free();
            throw;
        }
        _timer = options.TimeProvider.CreateTimer(static client => ((MqttClient)client!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "mqtt" };
    }

    /// <summary>
    /// Raised on the client's own thread at every change of state. A handler may publish; it must neither block nor throw.
    /// </summary>
    public event EventHandler<MqttStateChangedEventArgs>? StateChanged;

    /// <summary>Where the client stands.</summary>
    public MqttState State => _state;

    /// <summary>The version of MQTT that is spoken at the moment.</summary>
    public MqttProtocol Protocol => _protocol == Mosquitto.ProtocolMqtt5 ? MqttProtocol.V5 : MqttProtocol.V311;

    /// <summary>How many messages are on their way and not yet acknowledged.</summary>
    public int InFlightCount => _inFlight.Count;

    /// <summary>What the client has done so far.</summary>
    public MqttCounters Counters => new(
        Interlocked.Read(ref _published), Interlocked.Read(ref _acknowledged), Interlocked.Read(ref _lost), Interlocked.Read(ref _refused),
        Interlocked.Read(ref _received), Interlocked.Read(ref _receivedDropped), Interlocked.Read(ref _connections));

    /// <summary>Starts to connect, and returns at once.</summary>
    /// <exception cref="InvalidOperationException">The client has been started before.</exception>
    /// <exception cref="ObjectDisposedException">The client is disposed.</exception>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("the client has been started before");
        }
        _thread.Start();
    }

    /// <summary>Hands a message over, without waiting and without an allocation on the managed heap.</summary>
    /// <param name="topic">Where it goes.</param>
    /// <param name="payload">What it says; copied.</param>
    /// <param name="qos">How sure the delivery is.</param>
    /// <param name="retain">Whether the broker keeps it.</param>
    public MqttPublishResult TryPublish(MqttTopic topic, ReadOnlySpan<byte> payload, MqttQos qos = MqttQos.AtLeastOnce, bool retain = false)
    {
        ArgumentNullException.ThrowIfNull(topic);
        return TryPublishTagged(topic, payload, qos, retain, tag: 0);
    }

    /// <summary>Raised with the reason, in words, on the client's own thread, when the broker refuses a message that was published.</summary>
    internal event Action<string>? PublishRefused;

    /// <summary>Whom to tell that a tagged message is over, and of what tag; on any thread, and must neither block nor throw.</summary>
    internal Action<long>? Delivered
    {
        get => _delivered;
        set => Volatile.Write(ref _delivered, value);
    }

    /// <summary>The same, with a tag by which <see cref="Delivered"/> names the message; 0 for none.</summary>
    internal MqttPublishResult TryPublishTagged(MqttTopic topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, long tag)
    {
        MqttPublishResult result = MqttPublishResult.NotConnected;
        if (EnterConnected())
        {
            result = _inFlight.TryEnter() ? Send(topic, payload, qos, retain, tag) : MqttPublishResult.QueueFull;
            Exit();
        }
        Interlocked.Increment(ref result == MqttPublishResult.Queued ? ref _published : ref _refused);
        return result;
    }

    /// <summary>
    /// Hands over a message that must not wait behind others: it is accepted even where <see cref="MqttClientOptions.InFlightLimit"/>
    /// is reached. For the few messages of a device's own life (online, offline), not for a stream.
    /// </summary>
    /// <param name="publication">The message.</param>
    public MqttPublishResult PublishAhead(MqttPublication publication)
    {
        ArgumentNullException.ThrowIfNull(publication);
        MqttPublishResult result = MqttPublishResult.NotConnected;
        if (EnterConnected())
        {
            _inFlight.Enter();
            nint properties = _protocol == Mosquitto.ProtocolMqtt5 ? MessageProperties.Of(publication) : 0;
            result = Send(publication.Topic, publication.Payload.Span, publication.Qos, publication.Retain, properties: properties);
            Mosquitto.PropertyFreeAll(ref properties);
            Exit();
        }
        Interlocked.Increment(ref result == MqttPublishResult.Queued ? ref _published : ref _refused);
        return result;
    }

    /// <summary>
    /// Waits until messages can be accepted again after <see cref="MqttPublishResult.QueueFull"/>: half of what may be on its way, so that
    /// a publisher does not wait for every single one.
    /// </summary>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>True if there is room; false if the time is up or the connection is lost.</returns>
    public bool WaitForRoom(TimeSpan timeout) =>
        _inFlight.WaitUntilAtMost(_options.InFlightLimit / 2, timeout, ref _away) && !Volatile.Read(ref _away);

    /// <summary>Waits until every accepted message is acknowledged, reconnecting meanwhile if need be.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>Whether nothing is outstanding.</returns>
    public bool WaitForAcknowledgements(TimeSpan timeout) => _inFlight.WaitUntilAtMost(0, timeout, ref _closed);

    /// <summary>
    /// Subscribes, at once or when the connection stands, and again after every reconnect.
    /// </summary>
    /// <param name="filter">A topic filter, with <c>+</c> and <c>#</c> as MQTT has them.</param>
    /// <param name="qos">The highest QoS at which messages are delivered.</param>
    /// <param name="capacity">How many messages may wait to be read before the oldest is dropped.</param>
    /// <param name="isForOne">
    /// Whether one message is all that is wanted: once it has come the subscription is not renewed after a reconnect, so that the broker
    /// does not send a retained message twice, until <see cref="MqttSubscription.WaitForAnother"/>.
    /// </param>
    /// <returns>The subscription; disposing it ends it.</returns>
    /// <exception cref="MqttException">The filter is malformed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is not positive.</exception>
    public unsafe MqttSubscription Subscribe(string filter, MqttQos qos = MqttQos.AtLeastOnce, int capacity = 64, bool isForOne = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ObjectDisposedException.ThrowIf(_stopping, this);
        MqttTopic.Check(filter, wildcards: true);
        var subscription = new MqttSubscription(this, filter, qos, capacity, isForOne);
        fixed (byte* terminated = subscription.Terminated)
        {
            if (Mosquitto.FilterCheck(terminated) != MosquittoStatus.Success)
            {
                subscription.Complete();
                throw new MqttException($"topic filter \"{filter}\": '+' must fill a level, '#' the last one");
            }
        }
        lock (_subscriptionsLock)
        {
            _subscriptions.Add(subscription);
            if (EnterConnected())
            {
                SendSubscribe(subscription);
                Exit();
            }
        }
        return subscription;
    }

    /// <summary>
    /// Ends the connection in good order: waits for outstanding acknowledgements, publishes the farewell, says goodbye
    /// (so that the broker keeps the last will to itself) and ends the thread. The client cannot be started again.
    /// </summary>
    /// <param name="farewell">A last message, or null.</param>
    /// <param name="timeout">The longest wait for all of it.</param>
    /// <returns>Whether everything accepted was acknowledged, the farewell included.</returns>
    public bool Disconnect(MqttPublication? farewell, TimeSpan timeout)
    {
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        bool delivered = WaitForAcknowledgements(timeout);
        if (farewell is not null)
        {
            delivered &= PublishAhead(farewell) == MqttPublishResult.Queued && WaitForAcknowledgements(Left(deadline));
        }
        Stop();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            // A thread that sits in the system's name resolution or connect cannot be called back: it ends by itself.
            _thread.Join(Left(deadline) + TimeSpan.FromSeconds(1));
        }
        return delivered;
    }

    /// <summary>Closes the connection without waiting for acknowledgements; the last will is not published.</summary>
    public void Dispose() => Disconnect(null, TimeSpan.Zero);

    /// <summary>Like <see cref="Dispose"/>, off the caller's thread.</summary>
    public ValueTask DisposeAsync() => new(Task.Run(Dispose));

    internal void CountReceivedDropped() => Interlocked.Increment(ref _receivedDropped);

    internal void Resume(MqttSubscription subscription)
    {
        lock (_subscriptionsLock)
        {
            subscription.IsResting = false;
            if (subscription.IsMissed && EnterConnected())
            {
                SendSubscribe(subscription);
                Exit();
            }
            subscription.IsMissed = false;
        }
    }

    internal unsafe void Unsubscribe(MqttSubscription subscription)
    {
        lock (_subscriptionsLock)
        {
            if (_subscriptions.Remove(subscription) && EnterConnected())
            {
                int messageId;
                fixed (byte* terminated = subscription.Terminated)
                {
                    _ = Mosquitto.Unsubscribe(_handle, &messageId, terminated, 0);
                }
                _bell.Ring();
                Exit();
            }
        }
        subscription.Complete();
    }

    private static TimeSpan Left(long deadline) => TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64));

    private unsafe MqttPublishResult Send(MqttTopic topic, ReadOnlySpan<byte> payload, MqttQos qos, bool retain, long tag = 0, nint properties = 0)
    {
        int messageId;
        int status;
        fixed (byte* name = topic.Terminated)
        fixed (byte* bytes = payload)
        {
            status = Mosquitto.Publish(_handle, &messageId, name, payload.Length, bytes, (int)qos, retain ? (byte)1 : (byte)0, properties);
        }
        // Where the connection breaks at this very moment the library has taken a message of QoS 1 or 2 and sends it later.
        if (status == MosquittoStatus.Success || (status == MosquittoStatus.NoConnection && qos != MqttQos.AtMostOnce))
        {
            _inFlight.Sent(messageId, qos != MqttQos.AtMostOnce, tag);
            _bell.Ring();
            return MqttPublishResult.Queued;
        }
        _inFlight.Leave();
        return status switch
        {
            MosquittoStatus.NoConnection => MqttPublishResult.NotConnected,
            MosquittoStatus.PayloadSize or MosquittoStatus.OversizePacket => MqttPublishResult.TooLarge,
            _ => MqttPublishResult.Failed,
        };
    }

    private unsafe void SendSubscribe(MqttSubscription subscription)
    {
        int messageId = 0;
        fixed (byte* terminated = subscription.Terminated)
        {
            _ = Mosquitto.Subscribe(_handle, &messageId, terminated, (int)subscription.Qos, 0, 0);
        }
        subscription.MessageId = messageId;
        _bell.Ring();
    }

    private unsafe void Configure()
    {
        if (_handle.IsInvalid)
        {
            throw new MqttException("MQTT: libmosquitto makes no client: is the machine out of memory?");
        }
        Speak(_options.Protocol == MqttProtocol.V311 ? Mosquitto.ProtocolMqtt311 : Mosquitto.ProtocolMqtt5);
        Check(Mosquitto.IntOption(_handle, Mosquitto.OptionReceiveMaximum, _options.ReceiveMaximum));
        // The broker says how many it takes at a time; the library's own limit would be far below that.
        Check(Mosquitto.IntOption(_handle, Mosquitto.OptionSendMaximum, ushort.MaxValue));
        Check(Mosquitto.IntOption(_handle, Mosquitto.OptionTcpNoDelay, 1));
        Check(Mosquitto.ThreadedSet(_handle, 1));
        if (_options.UserName is not null)
        {
            Check(Mosquitto.UserNamePasswordSet(_handle, _options.UserName, _options.ReadPassword()));
        }
        if (_options.Psk is { } psk)
        {
            Check(Mosquitto.TlsPskSet(_handle, _options.ReadPsk(), psk.Identity, null));
        }
        if (_options.Tls is { } tls)
        {
            if (tls.CaFile is null)
            {
                Check(Mosquitto.IntOption(_handle, Mosquitto.OptionTlsUseOsCertificates, 1));
            }
            Check(Mosquitto.TlsSet(_handle, tls.CaFile, tls.CaFile is null ? "/etc/ssl/certs" : null, tls.CertificateFile, tls.KeyFile, 0));
        }
        if (_options.Will is { } will)
        {
            fixed (byte* topic = will.Topic.Terminated)
            fixed (byte* payload = will.Payload.Span)
            {
                Check(Mosquitto.WillSet(_handle, topic, will.Payload.Length, payload, (int)will.Qos, will.Retain ? (byte)1 : (byte)0));
            }
        }
        Mosquitto.OnConnect(_handle, &HandleConnect);
        Mosquitto.OnDisconnect(_handle, &HandleDisconnect);
        Mosquitto.OnPublish(_handle, &HandlePublish);
        Mosquitto.OnSubscribe(_handle, &HandleSubscribe);
        Mosquitto.OnMessage(_handle, &HandleMessage);
    }

    private void Speak(int protocol)
    {
        Check(Mosquitto.IntOption(_handle, Mosquitto.OptionProtocolVersion, protocol));
        _protocol = protocol;
    }

    private static void Check(int status)
    {
        if (status != MosquittoStatus.Success)
        {
            throw new MqttException($"MQTT: the connection cannot be set up: {MosquittoStatus.Describe(status, 0)}: check the options");
        }
    }
}
