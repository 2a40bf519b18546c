using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;
using Edge.Mqtt;
using Edge.Testing;
using Npgsql;

namespace Edge.Fleet.Tests;

/// <summary>Servers that die: one with SQLite, one of two at a PostgreSQL, and the PostgreSQL itself.</summary>
public sealed class ServersTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<(string Device, long Counter, string Signature)> _given = [];
    private PostgresServer? _database;
    private FleetFixture? _fleet;

    [Fact]
    public async Task Server_KilledAgainAndAgain_TheNextOneGoesOn()
    {
        _fleet = new FleetFixture();
        DeviceFixture[] devices = AddDevices(6);
        Listen();
        ServerProcess server = _fleet.StartServerProcess();
        _fleet.WaitForDevices(devices.Length);
        DesiredRelease release = (await _fleet.PublishAsync(2)).Release;
        _fleet.Send(Create(release));
        for (int kill = 0; kill < 3; kill++)
        {
            server.Kill();
            server = _fleet.StartServerProcess();
            server.WaitForLog("connected to");
        }
        _fleet.WaitForRollout("second", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
        GivenOnce(devices.Length);
    }

    [Fact]
    public async Task Servers_TheOneThatLeadsIsKilled_TheOtherGoesOnAndNothingIsGivenTwice()
    {
        _database = new PostgresServer();
        _fleet = new FleetFixture(_database.ConnectionString);
        DeviceFixture[] devices = AddDevices(6);
        Listen();
        ServerProcess first = _fleet.StartServerProcess();
        first.WaitForLog("this server leads");
        ServerProcess second = _fleet.StartServerProcess();
        second.WaitForLog("connected to");
        _fleet.WaitForDevices(devices.Length);
        DesiredRelease release = (await _fleet.PublishAsync(2)).Release;
        _fleet.Send(Create(release));
        _fleet.WaitForRollout("second", rollout => rollout.Header.Wave >= 1);
        first.Kill();
        second.WaitForLog("this server leads");
        _fleet.WaitForRollout("second", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
        GivenOnce(devices.Length);
        // The second one did not only wait: it has passed on what the broker gave to it.
        using var connection = new NpgsqlConnection(_database.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT is_called FROM forwarded_id_seq", connection);
        Assert.Equal(true, command.ExecuteScalar());
    }

    [Fact]
    public async Task Database_Crashes_TheServerLeadsAgainAndGoesOn()
    {
        _database = new PostgresServer();
        _fleet = new FleetFixture(_database.ConnectionString);
        DeviceFixture[] devices = AddDevices(2);
        _fleet.StartServer();
        _fleet.WaitForDevices(devices.Length);
        DesiredRelease release = (await _fleet.PublishAsync(2)).Release;
        _fleet.Send(Create(release));
        _database.Kill();
        Wait.Until(() => _fleet.ServerLog.ToArray().Any(line => line.Contains("no connection to the database", StringComparison.Ordinal)), Patience, () => "the server never noticed");
        _database.Start();
        _fleet.WaitForRollout("second", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
    }

    public void Dispose()
    {
        _fleet?.Dispose();
        _database?.Dispose();
    }

    private DeviceFixture[] AddDevices(int count) => [.. Enumerable.Range(0, count).Select(i => _fleet!.AddDevice($"cam-{i}"))];

    /// <summary>Notes every desired state that anybody publishes, in order.</summary>
    private void Listen()
    {
        MqttSubscription all = _fleet!.Operator.Subscribe("edge/+/update/desired", capacity: 10_000);
        _ = Task.Run(async () =>
        {
            await foreach (MqttMessage message in all.Messages.ReadAllAsync())
            {
                SignedBytes signed = DesiredMessage.Parse(message.Payload.Span).Desired;
                lock (_given)
                {
                    _given.Add((message.Topic.Split('/')[1], DesiredState.Parse(signed.Payload).Counter, Convert.ToHexString(signed.Signature)));
                }
            }
        });
    }

    /// <summary>A state may be published again, as it was; it never changes under its counter, and no device is asked a second time.</summary>
    private void GivenOnce(int devices)
    {
        lock (_given)
        {
            Assert.Equal(devices, _given.Select(given => given.Device).Distinct().Count());
            Assert.All(_given, given => Assert.Equal(1, given.Counter));
            Assert.Equal(devices, _given.Distinct().Count());
        }
    }

    private static FleetCommand Create(DesiredRelease release) => new()
    {
        Verb = FleetCommand.Create,
        Plan = new RolloutPlan
        {
            Id = "second",
            Package = release.Name,
            Manifest = release.ManifestSha256,
            Devices = "all",
            Waves = WaveSpec.Parse("1,50%,100%", 0),
            Gate = new GateSpec { SoakSeconds = 0.5, SuccessRatio = 1 },
            Trial = new TrialSpec { Seconds = 0.1 },
        },
    };
}
