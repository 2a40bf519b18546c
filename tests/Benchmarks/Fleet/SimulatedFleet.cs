using System.Collections.Concurrent;
using System.Globalization;
using Edge.Fleet.Protocol;
using Edge.Mqtt;

namespace Edge.Fleet.Bench;

/// <summary>
/// Devices that say what real ones say, message for message, over a few connections that they share: ten thousand connections would
/// measure the machine's threads. They believe every desired state and fetch no blobs.
/// </summary>
internal sealed class SimulatedFleet : IDisposable
{
    private readonly MqttClient[] _clients;
    private readonly MqttSubscription _desired;
    private readonly ConcurrentDictionary<string, (long Release, string Manifest)> _running = new();
    private readonly Thread _thread;
    private readonly int _count;

    internal SimulatedFleet(int port, int count, int connections)
    {
        _count = count;
        _clients = [.. Enumerable.Range(0, connections).Select(i => new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = port, ClientId = $"sim-{i}", InFlightLimit = 1000 }))];
        _desired = _clients[0].Subscribe("edge/+/update/desired", MqttQos.AtLeastOnce, 1 << 17);
        Array.ForEach(_clients, client => client.Start());
        SpinWait.SpinUntil(() => Array.TrueForAll(_clients, client => client.State == MqttState.Connected), TimeSpan.FromSeconds(30));
        _thread = new Thread(Answer) { IsBackground = true };
    }

    /// <summary>Messages that devices have sent.</summary>
    internal long Sent { get; private set; }

    /// <summary>Desired states that devices have followed.</summary>
    internal long Followed { get; private set; }

    /// <summary>Every device comes online and says what it runs.</summary>
    internal void Appear(string manifest)
    {
        for (int i = 0; i < _count; i++)
        {
            string device = Name(i);
            _running[device] = (1, manifest);
            Send(device, new Topics("edge", device).Status, new StatusMessage { State = DeviceState.Online, Version = "0.1.0", BootId = "0f8c1b7e-5f0c-4a57-9d0c-7a3e2c1c2f11", Engine = "ONNX Runtime 1.29.0", Time = TimeProvider.System.GetUtcNow() }.ToUtf8());
            Report(device, 0, UpdatePhase.Idle, null);
        }
        _thread.Start();
    }

    internal int Running(long release) => _running.Values.Count(running => running.Release == release);

    public void Dispose() => Array.ForEach(_clients, client => client.Dispose());

    private static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"dev-{index:00000}");

    private void Answer()
    {
        while (_desired.Messages.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_desired.Messages.TryRead(out MqttMessage? message))
            {
                string device = message.Topic.Split('/')[1];
                DesiredState state = DesiredState.Parse(DesiredMessage.Parse(message.Payload.Span).Desired.Payload);
                DesiredRelease release = state.Releases[0];
                Report(device, state.Counter, UpdatePhase.Downloading, release);
                Report(device, state.Counter, UpdatePhase.Verifying, release);
                Report(device, state.Counter, UpdatePhase.Staged, release);
                _running[device] = (release.Release, release.ManifestSha256);
                Report(device, state.Counter, UpdatePhase.Trial, release);
                Report(device, state.Counter, UpdatePhase.Committed, release);
                Followed++;
            }
        }
    }

    private void Report(string device, long counter, UpdatePhase phase, DesiredRelease? target)
    {
        (long release, string manifest) = _running[device];
        var report = new ReportedState
        {
            Time = TimeProvider.System.GetUtcNow(),
            Counter = counter,
            RuntimeVersion = "0.1.0",
            Packages =
            [
                new PackageReport
                {
                    Name = "model",
                    Running = new ModelReference { Name = "model", Version = $"{release}.0.0", Release = release },
                    RunningManifest = manifest,
                    Phase = phase,
                    Target = target is null ? null : new ModelReference { Name = target.Name, Version = target.Version, Release = target.Release },
                    TargetManifest = target?.ManifestSha256,
                    Attempt = target?.Attempt ?? 0,
                },
            ],
        };
        Send(device, new Topics("edge", device).UpdateReported, report.ToUtf8());
    }

    private void Send(string device, string topic, byte[] payload)
    {
        MqttClient client = _clients[(uint)device.GetHashCode(StringComparison.Ordinal) % _clients.Length];
        var name = new MqttTopic(topic);
        while (client.TryPublish(name, payload, MqttQos.AtLeastOnce, retain: true) == MqttPublishResult.QueueFull)
        {
            client.WaitForRoom(TimeSpan.FromSeconds(10));
        }
        Sent++;
    }
}
