using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Agent.Tests;

/// <summary>An agent in this process, whose models are good unless the test says otherwise.</summary>
internal sealed class TestDevice : IModelHost, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly UpdateAgent _agent;
    private readonly MqttClient _client;

    internal TestDevice(TestFleet fleet, AgentOptions? options = null, bool isConnected = true, int? port = null, Func<long, string?>? complaints = null)
    {
        options ??= fleet.Options();
        Complaints = complaints ?? Complaints;
        _agent = new UpdateAgent(options, this, Log.Add);
        Started = Loaded = Release(_agent.Register(TestFleet.Package, fleet.Folder["factory.edgepkg"]));
        _client = new MqttClient(fleet.Connection(port));
        if (isConnected)
        {
            _agent.Attach(_client);
            _client.Start();
            _agent.Start();
        }
    }

    internal List<string> Log { get; } = [];

    /// <summary>The release that it started with.</summary>
    internal long Started { get; }

    /// <summary>Messages that came, the desired states among them.</summary>
    internal long Received => _client.Counters.Received;

    /// <summary>The release that runs.</summary>
    internal long Loaded { get; private set; }

    internal Func<long, string?> Rehearsal { get; set; } = _ => null;

    internal Func<long, string?> Complaints { get; set; } = _ => null;

    internal ReportedState State => _agent.Report();

    internal PackageReport Report => State.Packages[0];

    public void Rehearse(string name, string path, TrialSpec trial)
    {
        if (Rehearsal(Release(path)) is { } reason)
        {
            throw new AgentException(reason);
        }
    }

    public void Use(string name, string? path) => Loaded = path is null ? 1 : Release(path);

    public string? Complaint(string name, TrialSpec trial) => Complaints(Loaded);

    internal void WaitFor(Func<ReportedState, bool> condition) =>
        Wait.Until(() => condition(State), Patience, () => $"the device never came so far: {System.Text.Encoding.UTF8.GetString(State.ToUtf8())}");

    internal void WaitFor(UpdatePhase phase, long running) => WaitFor(state => state.Packages[0].Phase == phase && state.Packages[0].Running?.Release == running);

    public void Dispose()
    {
        _agent.Dispose();
        _client.Dispose();
    }

    private long Release(string path) => Package.Open(path, _agent.Trust).Manifest.Release;
}
