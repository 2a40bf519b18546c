using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Store;
using Edge.Foundation;
using Edge.Mqtt;

namespace Edge.Fleet.Service;

/// <summary>The server that decides: takes messages and commands in, saves what follows, and publishes it. One thread at a time.</summary>
internal sealed class FleetLeader
{
    /// <summary>Messages that are saved together.</summary>
    private const int BatchLength = 4096;

    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RepeatInterval = TimeSpan.FromSeconds(30);

    private readonly FleetStore _store;
    private readonly FleetLogic _logic;
    private readonly MqttClient _client;
    private readonly DeviceMessages _messages;
    private readonly string _root;
    private readonly Action<string> _log;
    private readonly TimeProvider _clock;
    private readonly PeerWatch _peers;
    private readonly Queue<Device> _toPublish = new();
    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly List<long> _taken = [];
    private long _tick;
    private long _repeat;

    internal FleetLeader(FleetStore store, FleetLogic logic, MqttClient client, DeviceMessages messages, string root, Action<string> log, TimeProvider clock)
    {
        (_store, _logic, _client, _messages, _root, _log, _clock) = (store, logic, client, messages, root, log, clock);
        _peers = new PeerWatch(clock);
        _tick = _repeat = clock.GetTimestamp();
        // What was on its way when the last server ended may never have left.
        foreach (Device device in logic.Devices.Values)
        {
            if (IsBehind(device))
            {
                _toPublish.Enqueue(device);
            }
        }
        messages.Lead();
    }

    /// <summary>Does what there is to do.</summary>
    /// <returns>How many messages there were.</returns>
    internal int Turn()
    {
        int count = _messages.Read(Take, BatchLength) + TakeForwarded();
        Obey();
        if (_clock.GetElapsedTime(_tick) >= TickInterval)
        {
            _tick = _clock.GetTimestamp();
            _logic.Tick();
            _store.Set(FleetServer.Heartbeat, _clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            if (_store.IsShared && _peers.IsLost(_store))
            {
                _messages.ReadRetained();
            }
        }
        if (_clock.GetElapsedTime(_repeat) >= RepeatInterval)
        {
            _repeat = _clock.GetTimestamp();
            Repeat();
        }
        Save();
        if (_taken.Count > 0)
        {
            // After their effects are saved: a message that is taken twice does no harm, one that is lost does.
            _store.Forget(_taken);
            _taken.Clear();
        }
        Publish();
        return count;
    }

    private static bool IsBehind(Device device) => device.Message.Length > 0 && (device.Reported is not { } reported || reported.Counter < device.Counter);

    private void Take(DeviceMessage message)
    {
        try
        {
            Parse(message)(_logic);
        }
        catch (InputException e)
        {
            _log(PlainText.Of($"{message.Device} ({message.Kind.ToString().ToLowerInvariant()}): {e.Message}")!);
        }
    }

    /// <summary>Reads a message.</summary>
    /// <returns>What it does.</returns>
    /// <exception cref="InputException">It is none.</exception>
    internal static Action<FleetLogic> Parse(DeviceMessage message)
    {
        string device = TopicName.Check(message.Device, "device");
        switch (message.Kind)
        {
            case DeviceMessageKind.Reported:
                ReportedState state = ReportedState.Parse(message.Payload.Span);
                return logic => logic.Take(device, state);
            case DeviceMessageKind.Status:
                StatusMessage status = StatusMessage.Parse(message.Payload.Span);
                return logic => logic.Take(device, status);
            default:
                HealthMessage health = HealthMessage.Parse(message.Payload.Span);
                return logic => logic.Take(device, health);
        }
    }

    private int TakeForwarded()
    {
        if (!_store.IsShared)
        {
            return 0;
        }
        foreach ((long id, DeviceMessage message) in _store.Forwarded(BatchLength))
        {
            Take(message);
            _taken.Add(id);
        }
        return _taken.Count;
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
            // An answer that waits in this server's own queue is no reason to ask again.
            if (device.IsOnline && IsBehind(device) && (!_asked.TryGetValue(device.Name, out long asked) || _clock.GetElapsedTime(asked) >= RepeatInterval))
            {
                _toPublish.Enqueue(device);
            }
        }
    }

    private void Publish()
    {
        while (_toPublish.TryPeek(out Device? device))
        {
            var topic = new MqttTopic(new Topics(_root, device.Name).UpdateDesired);
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
