using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Runtime.Configuration;
using Edge.Runtime.Reporting;

namespace Edge.Runtime.Service;

/// <summary>
/// The device's connection: says online when it stands and offline when it ends, hands messages over, and logs an
/// outage once. May be used by all threads.
/// </summary>
internal sealed class MqttLink : IDisposable
{
    /// <summary>How long a pipeline waits for room before it counts a result as dropped.</summary>
    private static readonly TimeSpan RoomPatience = TimeSpan.FromSeconds(5);

    private readonly MqttClient _client;
    private readonly MqttTopic _statusTopic;
    private readonly StatusMessage _status;
    private readonly string _broker;
    private readonly Outbox _outbox;
    private readonly bool _isKept;
    private readonly ManualResetEventSlim _attempted = new();
    private long _dropped;
    private long _droppedBefore;
    private readonly Lock _logGate = new();
    private string? _untold;
    private bool _outage;
    private bool _isTold;

    /// <summary>Prepares a connection; nothing is sent before <see cref="Start"/>.</summary>
    /// <exception cref="MqttException">The broker's settings are wrong, or libmosquitto is not on this machine.</exception>
    internal MqttLink(RuntimeConfig config, BrokerConfig brokerConfig, Topics topics, Outbox outbox)
    {
        (_outbox, _isKept) = (outbox, config.Spool is not null);
        _statusTopic = new MqttTopic(topics.Status);
        _status = new StatusMessage
        {
            State = DeviceState.Online,
            Version = Product.Version,
            BootId = ProcessFacts.BootId,
            Engine = Product.Engine,
            Time = TimeProvider.System.GetUtcNow(),
        };
        MqttClientOptions options = Options(config, brokerConfig) with { Will = Status(DeviceState.Offline) };
        _broker = $"{options.Host}:{options.Port}";
        _client = new MqttClient(options);
        _client.StateChanged += OnStateChanged;
    }

    /// <summary>Raised on the connection's own thread when it stands. A handler must neither block nor throw.</summary>
    internal event Action? Connected;

    /// <summary>The connection itself, for whoever needs more of it than this class offers.</summary>
    internal MqttClient Client => _client;

    internal bool IsConnected => _client.State == MqttState.Connected;

    /// <summary>Why the last connection ended or failed; null where none did.</summary>
    internal string? LastError { get; private set; }

    /// <summary>Results that no broker took.</summary>
    internal long Dropped => Interlocked.Read(ref _dropped) + _outbox.Counters.Dropped;

    internal MqttCounters Counters => _client.Counters;

    /// <summary>The options of a connection as a configuration asks for it, without the will.</summary>
    internal static MqttClientOptions Options(RuntimeConfig config, BrokerConfig broker) => new()
    {
        Host = broker.Host,
        Port = broker.Port != 0 ? broker.Port : broker.Tls is null && broker.Psk is null ? 1883 : 8883,
        ClientId = broker.ClientId ?? $"{config.Root}-{config.Device}",
        UserName = broker.UserName,
        PasswordFile = broker.PasswordFile,
        PasswordVariable = broker.PasswordVariable,
        Protocol = broker.Protocol switch { BrokerConfig.V5 => MqttProtocol.V5, BrokerConfig.V311 => MqttProtocol.V311, _ => MqttProtocol.Automatic },
        Psk = broker.Psk is { } psk ? new MqttPsk { Identity = psk.Identity, KeyFile = psk.KeyFile } : null,
        KeepAlive = TimeSpan.FromSeconds(broker.KeepAliveSeconds),
        SessionExpiry = TimeSpan.FromSeconds(broker.SessionExpirySeconds),
        ReceiveMaximum = broker.ReceiveMaximum,
        InFlightLimit = broker.InFlightLimit,
        Tls = broker.Tls is { } tls
            ? new MqttTlsOptions { CaFile = tls.CaFile, CertificateFile = tls.CertificateFile, KeyFile = tls.KeyFile }
            : null,
    };

    /// <summary>Starts to connect, and returns at once.</summary>
    internal void Start() => _client.Start();

    /// <summary>Waits until the first attempt to connect has succeeded or failed.</summary>
    /// <param name="patience">The longest wait.</param>
    /// <param name="stop">Ends the wait.</param>
    internal void WaitForFirstAttempt(TimeSpan patience, CancellationToken stop)
    {
        try
        {
            _attempted.Wait(patience, stop);
        }
        catch (OperationCanceledException)
        {
            Log.Debug("mqtt: told to stop before the first connection");
        }
    }

    /// <summary>From here on outages are told; what there was to tell before is told now.</summary>
    internal void TellOutages()
    {
        lock (_logGate)
        {
            _isTold = true;
            if (_untold is { } line)
            {
                Log.Warning(line);
            }
        }
    }

    /// <summary>Subscribes, and again after every reconnect.</summary>
    internal MqttSubscription Subscribe(string filter)
    {
        MqttSubscription subscription = _client.Subscribe(filter);
        subscription.Acknowledged.ContinueWith(
            static refused => Log.Warning($"mqtt: {refused.Exception!.InnerException!.Message}"),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return subscription;
    }

    /// <summary>Hands a retained message over, beyond the limit of those on their way: for states, not for streams.</summary>
    internal void Retain(MqttTopic topic, byte[] payload) =>
        _client.PublishAhead(new MqttPublication { Topic = topic, Payload = payload, Retain = true });

    /// <summary>Hands a result over, waiting for room where the broker is slow. Allocates nothing.</summary>
    /// <returns>False if it was dropped: no connection, or no room in time.</returns>
    internal bool Publish(MqttTopic topic, ReadOnlySpan<byte> payload)
    {
        MqttPublishResult result = _client.TryPublish(topic, payload);
        while (result == MqttPublishResult.QueueFull && _client.WaitForRoom(RoomPatience))
        {
            result = _client.TryPublish(topic, payload);
        }
        if (result == MqttPublishResult.Queued)
        {
            return true;
        }
        Interlocked.Increment(ref _dropped);
        return false;
    }

    /// <summary>Waits for outstanding acknowledgements, says offline and goodbye.</summary>
    /// <param name="patience">The longest wait for all of it.</param>
    internal void Close(TimeSpan patience)
    {
        bool connected = IsConnected;
        bool delivered = _client.Disconnect(Status(DeviceState.Offline), patience);
        if (!delivered && (connected || _isTold))
        {
            Log.Warning($"mqtt: ended without the broker's acknowledgement of the last messages (still waiting for {_client.InFlightCount})");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _attempted.Dispose();
    }

    private MqttPublication Status(DeviceState state) => new()
    {
        Topic = _statusTopic,
        Payload = (_status with { State = state, Time = TimeProvider.System.GetUtcNow() }).ToUtf8(),
        Qos = MqttQos.AtLeastOnce,
        Retain = true,
    };

    /// <summary>Nothing is told while the rest starts: a wrong configuration is to be one line.</summary>
    private void Tell(string line)
    {
        lock (_logGate)
        {
            _untold = line;
            if (_isTold)
            {
                Log.Warning(line);
            }
        }
    }

    private void OnStateChanged(object? sender, MqttStateChangedEventArgs e)
    {
        if (e.State == MqttState.Connected)
        {
            _client.PublishAhead(Status(DeviceState.Online));
            long dropped = Dropped - _droppedBefore;
            _droppedBefore = Dropped;
            lock (_logGate)
            {
                _untold = null;
            }
            Log.Info($"mqtt: connected to {_broker}{(dropped > 0 ? $"; {dropped} results were dropped meanwhile" : "")}");
            _outage = false;
            _attempted.Set();
            Connected?.Invoke();
        }
        else if (e.State == MqttState.Waiting)
        {
            LastError = e.Reason;
            if (!_outage)
            {
                Tell($"mqtt: no connection to {_broker}: {e.Reason}: results are {(_isKept ? "kept" : "dropped")} until it stands");
                _outage = true;
            }
            else
            {
                Log.Debug($"mqtt: no connection to {_broker}: {e.Reason}: next attempt in {e.RetryAfter.TotalSeconds:0.0} s");
            }
            _attempted.Set();
        }
    }
}
