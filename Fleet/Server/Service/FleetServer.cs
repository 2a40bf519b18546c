using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Fleet.Service;

/// <summary>The work of <c>edge fleet serve</c>: listens to devices and operators, and publishes what follows. One loop does it all.</summary>
public sealed class FleetServer : IDisposable
{
    /// <summary>Messages that may wait: retained ones of a whole fleet come at once.</summary>
    private const int QueueLength = 1 << 17;

    /// <summary>Messages that are saved together.</summary>
    private const int BatchLength = 4096;

    /// <summary>The setting by which others see that a server lives.</summary>
    internal const string Heartbeat = "heartbeat";

    private const string LockName = "server.lock";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(30);

    private readonly FleetFolder _folder;
    private readonly Action<string> _log;
    private readonly TimeProvider _clock;
    private readonly FileStream _lock;
    private readonly FleetStore _store;
    private readonly SigningKey _key;
    private readonly FleetLogic _logic;
    private readonly MqttClient _client;
    private readonly MqttSubscription[] _subscriptions;
    private readonly Queue<Device> _toPublish = new();
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);

    /// <summary>Opens the fleet's folder; nothing is sent before <see cref="Run"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="log">Gets one line about each thing that happens.</param>
    /// <param name="clock">The clock.</param>
    /// <exception cref="InputException">The folder, a key or the database cannot be used.</exception>
    public FleetServer(FleetFolder folder, Action<string> log, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(clock);
        (_folder, _log, _clock) = (folder, log, clock);
        _lock = Lock(folder.Path);
        try
        {
            _store = folder.OpenStore();
            _key = folder.LoadKey();
            _logic = new FleetLogic(_store, _key, folder.Config.Root, TrustFile.Read(folder), clock);
            _client = folder.CreateClient("server");
        }
        catch
        {
            _key?.Dispose();
            _store?.Dispose();
            _lock.Dispose();
            throw;
        }
        string root = folder.Config.Root;
        _subscriptions = [.. ((string[])[$"{root}/+/update/reported", $"{root}/+/status", $"{root}/+/health"]).Select(filter => _client.Subscribe(filter, MqttQos.AtLeastOnce, QueueLength))];
    }

    /// <summary>What the server has done, for measurements.</summary>
    public MqttCounters Counters => _client.Counters;

    /// <summary>Serves until told to stop.</summary>
    /// <param name="stop">Ends it.</param>
    public void Run(CancellationToken stop)
    {
        _client.StateChanged += (_, e) => _log(e.State switch
        {
            MqttState.Connected => $"connected to {_folder.Config.Broker.Host}:{_folder.Config.Broker.Port}",
            MqttState.Waiting => $"no connection to the broker: {e.Reason}",
            _ => "",
        });
        // What was on its way when the last server ended may never have left.
        foreach (Device device in _logic.Devices.Values)
        {
            if (device.Message.Length > 0)
            {
                _toPublish.Enqueue(device);
            }
        }
        _client.Start();
        long tick = _clock.GetTimestamp();
        long repeat = tick;
        while (!stop.IsCancellationRequested)
        {
            int messages = Listen();
            Obey();
            if (_clock.GetElapsedTime(tick) >= TickInterval)
            {
                tick = _clock.GetTimestamp();
                _logic.Tick();
                _store.Set(Heartbeat, _clock.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture));
            }
            if (_clock.GetElapsedTime(repeat) >= RepeatInterval)
            {
                repeat = _clock.GetTimestamp();
                Repeat();
            }
            Save();
            Publish();
            if (messages == 0)
            {
                Wait(stop);
            }
        }
        _client.Disconnect(null, TimeSpan.FromSeconds(5));
    }

    /// <summary>Closes the connection and the database.</summary>
    public void Dispose()
    {
        _client.Dispose();
        _key.Dispose();
        _store.Dispose();
        _lock.Dispose();
    }

    /// <summary>Two servers would push each other off the broker and write over each other. The kernel lets go of the lock when the process ends, however it ends.</summary>
    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FleetException($"{path}: cannot be locked: another server leads this fleet, or the folder is not to be written: end the other one", e);
        }
    }

    private void Wait(CancellationToken stop)
    {
        var arrivals = new Task[_subscriptions.Length];
        for (int i = 0; i < arrivals.Length; i++)
        {
            arrivals[i] = _subscriptions[i].Messages.WaitToReadAsync(stop).AsTask();
        }
        try
        {
            Task.WaitAny(arrivals, (int)Interval.TotalMilliseconds, stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private int Listen()
    {
        int count = 0;
        for (int i = 0; i < _subscriptions.Length; i++)
        {
            while (count < BatchLength && _subscriptions[i].Messages.TryRead(out MqttMessage? message))
            {
                count++;
                if (message.Payload.Length > 0)
                {
                    Take(i, message);
                }
            }
        }
        return count;
    }

    private void Take(int kind, MqttMessage message)
    {
        string[] levels = message.Topic.Split('/');
        try
        {
            string device = TopicName.Check(levels.Length > 1 ? levels[1] : "", "device");
            switch (kind)
            {
                case 0:
                    _logic.Take(device, ReportedState.Parse(message.Payload.Span));
                    break;
                case 1:
                    _logic.Take(device, StatusMessage.Parse(message.Payload.Span));
                    break;
                default:
                    _logic.Take(device, HealthMessage.Parse(message.Payload.Span));
                    break;
            }
        }
        catch (InputException e)
        {
            _log(PlainText.Of($"{message.Topic}: {e.Message}")!);
        }
    }

    private void Obey()
    {
        foreach ((long id, string actor, FleetCommand command) in _store.PendingCommands())
        {
            string result = "";
            try
            {
                _logic.Obey(actor, command);
            }
            catch (InputException e)
            {
                result = e.Message;
                _log($"{actor}: {e.Message}");
            }
            // Its effects are saved first: a command that is obeyed twice does no harm, one that is lost does.
            Save();
            _store.Answer(id, result);
        }
    }

    private void Save()
    {
        foreach (AuditEntry entry in _logic.News)
        {
            _log(entry.Text);
        }
        foreach (Device device in _logic.Save())
        {
            _toPublish.Enqueue(device);
        }
    }

    /// <summary>Devices that are there and have not accepted their newest state are told again.</summary>
    private void Repeat()
    {
        foreach (Device device in _logic.Devices.Values)
        {
            bool isBehind = device.IsOnline && device.Message.Length > 0 && device.Reported is { } reported && reported.Counter < device.Counter;
            // An answer that waits in this server's own queue is no reason to ask again.
            if (isBehind && _asked.TryGetValue(device.Name, out long asked) && _clock.GetElapsedTime(asked) >= RepeatInterval)
            {
                _toPublish.Enqueue(device);
            }
        }
    }

    private void Publish()
    {
        while (_toPublish.TryPeek(out Device? device))
        {
            var topic = new MqttTopic(new Topics(_folder.Config.Root, device.Name).UpdateDesired);
            MqttPublishResult result = _client.TryPublish(topic, device.Message, MqttQos.AtLeastOnce, retain: true);
            if (result is MqttPublishResult.NotConnected or MqttPublishResult.QueueFull)
            {
                return;
            }
            _toPublish.Dequeue();
            _asked[device.Name] = _clock.GetTimestamp();
        }
    }
}
