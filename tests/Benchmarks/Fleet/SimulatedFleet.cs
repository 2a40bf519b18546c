using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Benchmarks.Fleet;

/// <summary>Many devices over fewer connections: each connection subscribes to the desired state of every one of its devices, and publishes for each.</summary>
internal sealed class SimulatedFleet : IDisposable
{
    internal const int DevicesOfAConnection = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly VerifyingKey _key;
    private readonly List<MqttClient> _clients = [];
    private readonly List<Thread> _threads = [];
    private readonly List<SimulatedDevice> _devices = [];
    private readonly CancellationTokenSource _stop = new();
    private Exception? _failure;

    internal SimulatedFleet(int port, int devices, VerifyingKey key)
    {
        _key = key;
        for (int first = 0; first < devices; first += DevicesOfAConnection)
        {
            var part = new Dictionary<string, (SimulatedDevice Device, MqttTopic Reported)>(StringComparer.Ordinal);
            for (int i = first; i < Math.Min(devices, first + DevicesOfAConnection); i++)
            {
                var device = new SimulatedDevice(string.Create(CultureInfo.InvariantCulture, $"device-{i:D6}"));
                _devices.Add(device);
                part.Add(device.Topics.UpdateDesired, (device, new MqttTopic(device.Topics.UpdateReported)));
            }
            var client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"devices-{first}", InFlightLimit = 100 });
            _clients.Add(client);
            MqttSubscription[] subscriptions = [.. part.Keys.Select(topic => client.Subscribe(topic))];
            client.Start();
            var thread = new Thread(() => Live(client, part, subscriptions)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    internal int Connections => _clients.Count;

    internal long Published => _clients.Sum(client => client.Counters.Acknowledged);

    internal long Received => _clients.Sum(client => client.Counters.Received);

    /// <summary>How many devices run a release.</summary>
    internal int Running(long release) => _devices.Count(device => device.Running == release);

    /// <summary>Throws what has gone wrong in a device.</summary>
    internal void Check()
    {
        if (_failure is { } failure)
        {
            throw new BenchException($"a simulated device ended: {failure.Message}");
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _threads.ForEach(thread => thread.Join());
        _clients.ForEach(client => client.Dispose());
        _stop.Dispose();
    }

    private void Live(MqttClient client, Dictionary<string, (SimulatedDevice Device, MqttTopic Reported)> devices, MqttSubscription[] subscriptions)
    {
        try
        {
            Task.WhenAll(subscriptions.Select(subscription => subscription.Acknowledged)).Wait(Patience, _stop.Token);
            byte[] online = new StatusMessage { State = DeviceState.Online, Version = "0.1.0", BootId = "0", Engine = "none", Time = DateTimeOffset.UnixEpoch }.ToUtf8();
            foreach ((SimulatedDevice device, MqttTopic reported) in devices.Values)
            {
                Send(client, new MqttTopic(device.Topics.Status), online);
                Send(client, reported, device.Report());
            }
            using var pause = new ManualResetEventSlim();
            while (!_stop.IsCancellationRequested)
            {
                if (!Turn(client, devices, subscriptions))
                {
                    pause.Wait(TimeSpan.FromMilliseconds(20), _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        catch (Exception e) when (e is Edge.Foundation.InputException or AggregateException)
        {
            _failure = e;
        }
    }

    private bool Turn(MqttClient client, Dictionary<string, (SimulatedDevice Device, MqttTopic Reported)> devices, MqttSubscription[] subscriptions)
    {
        bool hasWorked = false;
        foreach (MqttSubscription subscription in subscriptions)
        {
            while (subscription.Messages.TryRead(out MqttMessage? message))
            {
                devices[message.Topic].Device.Take(message.Payload.Span, _key);
                hasWorked = true;
            }
        }
        foreach ((SimulatedDevice device, MqttTopic reported) in devices.Values)
        {
            if (device.IsBusy)
            {
                Send(client, reported, device.Step());
                hasWorked = true;
            }
        }
        return hasWorked;
    }

    private void Send(MqttClient client, MqttTopic topic, byte[] payload)
    {
        while (client.TryPublish(topic, payload, MqttQos.AtLeastOnce, retain: true) is not MqttPublishResult.Queued)
        {
            _stop.Token.ThrowIfCancellationRequested();
            client.WaitForRoom(TimeSpan.FromMilliseconds(100));
        }
    }
}
