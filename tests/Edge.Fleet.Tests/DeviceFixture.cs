using Edge.Agent;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;

namespace Edge.Fleet.Tests;

/// <summary>A device of a fleet: a real agent with its own certificate; only the model does not run.</summary>
internal sealed class DeviceFixture : IModelHost, IDisposable
{
    private readonly UpdateAgent _agent;
    private readonly MqttClient _client;

    internal DeviceFixture(FleetFixture fleet, string name, string folder)
    {
        _agent = new UpdateAgent(FleetFixture.Options(name, folder), this, _ => { });
        Loaded = Release(_agent.Register("model", fleet.Folder["r1.edgepkg"]));
        _client = fleet.Connect(name);
        var topic = new MqttTopic(new Topics("edge", name).Status);
        var status = new StatusMessage { State = DeviceState.Online, Version = "1.0.0", BootId = "test", Engine = "none", Time = TimeProvider.System.GetUtcNow() };
        _client.StateChanged += (_, e) =>
        {
            if (e.State == MqttState.Connected)
            {
                _client.PublishAhead(new MqttPublication { Topic = topic, Payload = status.ToUtf8(), Retain = true });
            }
        };
        _agent.Attach(_client);
        _client.Start();
        _agent.Start();
    }

    /// <summary>The release that runs.</summary>
    internal long Loaded { get; private set; }

    /// <summary>The release that does not stand its trial here.</summary>
    internal long Bad { get; set; } = -1;

    internal MqttClient Client => _client;

    public void Rehearse(string name, string path, TrialSpec trial)
    {
        if (Release(path) == Bad)
        {
            throw new AgentException("a golden input gives another output");
        }
    }

    public void Use(string name, string? path) => Loaded = path is null ? 1 : Release(path);

    public string? Complaint(string name, TrialSpec trial) => null;

    public void Dispose()
    {
        _agent.Dispose();
        _client.Dispose();
    }

    private long Release(string path) => Package.Open(path, _agent.Trust).Manifest.Release;
}
