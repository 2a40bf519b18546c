using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>Server, devices and a stock broker over TLS, with nothing but what <c>edge fleet init</c> and <c>enroll</c> made.</summary>
public sealed class FleetTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FleetFixture _fleet = new();
    private MqttClient? _spy;

    [Fact]
    public async Task Rollout_GoodRelease_ReachesEveryDeviceWaveByWaveAndLateOnesToo()
    {
        DeviceFixture[] devices = [.. Enumerable.Range(0, 5).Select(i => _fleet.AddDevice($"cam-{i}"))];
        _fleet.StartServer();
        _fleet.WaitForDevices(5);
        (_, DesiredRelease release) = await _fleet.PublishAsync(2);
        _fleet.Send(Create("second", release, "1,50%,100%"));
        _fleet.WaitForRollout("second", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
        DeviceFixture late = _fleet.AddDevice("late");
        Wait.Until(() => late.Loaded == 2, Patience, () => string.Join('\n', _fleet.ServerLog));
        string[] waves = [.. _fleet.ServerLog.Where(line => line.Contains("wave", StringComparison.Ordinal)).Select(line => line.Split(": ", 2)[1])];
        Assert.Equal(["wave 1 of 3 opens: 1", "wave 2 of 3 opens: 50%", "wave 3 of 3 opens: 100%"], waves);
    }

    [Fact]
    public async Task Rollout_BadRelease_IsStoppedAtTheCanaryAndTakenBack()
    {
        DeviceFixture[] devices = [.. Enumerable.Range(0, 3).Select(i => _fleet.AddDevice($"cam-{i}"))];
        Array.ForEach(devices, device => device.Bad = 3);
        _fleet.StartServer();
        _fleet.WaitForDevices(3);
        _fleet.Send(Create("good", (await _fleet.PublishAsync(2)).Release, "100%"));
        _fleet.WaitForRollout("good", rollout => rollout.Header.Status == RolloutStatus.Completed);
        _fleet.Send(Create("bad", (await _fleet.PublishAsync(3)).Release, "1,100%"));
        _fleet.WaitForRollout("bad", rollout => rollout.Header.Status == RolloutStatus.Aborted);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
        using FleetStore store = _fleet.Fleet.OpenStore();
        Rollout bad = store.Rollouts().Single(rollout => rollout.Plan.Id == "bad");
        Assert.Equal(1, bad.Members.Count(member => member.Attempt > 0));
        Assert.Contains("a golden input gives another output", bad.Members.Single(member => member.Attempt > 0).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_KilledInTheMiddle_TheNextOneGoesOn()
    {
        DeviceFixture[] devices = [.. Enumerable.Range(0, 4).Select(i => _fleet.AddDevice($"cam-{i}"))];
        _fleet.StartServer();
        _fleet.WaitForDevices(4);
        _fleet.Send(Create("second", (await _fleet.PublishAsync(2)).Release, "1,100%"));
        _fleet.StopServer();
        _fleet.StartServer();
        _fleet.WaitForRollout("second", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Assert.All(devices, device => Assert.Equal(2, device.Loaded));
    }

    [Fact]
    public async Task Pin_And_Exclude_HoldDevicesOutOfRollouts()
    {
        DeviceFixture pinned = _fleet.AddDevice("pinned");
        DeviceFixture excluded = _fleet.AddDevice("excluded");
        DeviceFixture free = _fleet.AddDevice("free");
        _fleet.StartServer();
        _fleet.WaitForDevices(3);
        DesiredRelease two = (await _fleet.PublishAsync(2)).Release;
        DesiredRelease three = (await _fleet.PublishAsync(3)).Release;
        _fleet.Send(new FleetCommand { Verb = FleetCommand.Pin, Device = "pinned", Package = "model", Manifest = two.ManifestSha256 });
        _fleet.Send(new FleetCommand { Verb = FleetCommand.Exclude, Device = "excluded" });
        _fleet.Send(Create("third", three, "100%"));
        _fleet.WaitForRollout("third", rollout => rollout.Header.Status == RolloutStatus.Completed);
        Wait.Until(() => pinned.Loaded == 2, Patience, () => "the pinned device never came to its release");
        Assert.Equal(1, excluded.Loaded);
        Assert.Equal(3, free.Loaded);
        _fleet.Send(new FleetCommand { Verb = FleetCommand.Unpin, Device = "pinned", Package = "model" });
        Wait.Until(() => pinned.Loaded == 3, Patience, () => "the device that was let go never followed");
    }

    [Fact]
    public async Task Publish_SecondRelease_MovesOnlyWhatChanged()
    {
        (PublishReport first, _) = await _fleet.PublishAsync(2);
        (PublishReport second, _) = await _fleet.PublishAsync(3);
        (PublishReport again, _) = await _fleet.PublishAsync(3);
        Assert.Equal(first.Blobs, first.Published);
        // The manifest, and the last 10,000 bytes of the model.
        Assert.Equal(2, second.Published);
        Assert.InRange(second.PublishedBytes, 10_000, 13_000);
        // Signing again gives another signature, which is not a blob.
        Assert.Equal(0, again.Published);
    }

    [Fact]
    public async Task Publish_WithALifetime_IsRenewedOnceHalfOfItHasPassed()
    {
        PublishedRelease release = PublishedRelease.Open(_fleet.Write(2), _fleet.Fleet.Trust);
        // A blob that was given an hour has less than half of two hours left.
        PublishReport first = await new BlobPublisher(_fleet.Operator, "edge", TimeSpan.FromHours(1)).PublishAsync(release.Blobs, null, CancellationToken.None);
        PublishReport again = await new BlobPublisher(_fleet.Operator, "edge", TimeSpan.FromHours(1)).PublishAsync(release.Blobs, null, CancellationToken.None);
        PublishReport longer = await new BlobPublisher(_fleet.Operator, "edge", TimeSpan.FromHours(2.1)).PublishAsync(release.Blobs, null, CancellationToken.None);
        PublishReport forever = await new BlobPublisher(_fleet.Operator, "edge").PublishAsync(release.Blobs, null, CancellationToken.None);
        PublishReport shorter = await new BlobPublisher(_fleet.Operator, "edge", TimeSpan.FromHours(1)).PublishAsync(release.Blobs, null, CancellationToken.None);
        Assert.Equal((release.Blobs.Count, 0, release.Blobs.Count, release.Blobs.Count, 0), (first.Published, again.Published, longer.Published, forever.Published, shorter.Published));
        using MqttSubscription blob = _fleet.Operator.Subscribe(Topics.Blob("edge", release.Blobs.Keys.First()));
        MqttMessage kept = await blob.Messages.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.Zero, kept.Expiry);
    }

    [Fact]
    public void Publish_UnsignedPackage_IsRefused()
    {
        string path = _fleet.Folder["unsigned.edgepkg"];
        Packages.Package signed = Packages.Package.Open(_fleet.Write(2), _fleet.Fleet.Trust);
        Packages.PackageWriter.Write(path, signed.Manifest, [Packages.PackageContent.Model(signed.Model)]);
        Packages.PackageException error = Assert.Throws<Packages.PackageException>(() => PublishedRelease.Open(path, _fleet.Fleet.Trust));
        Assert.Contains("not signed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edge/other/update/desired")]
    [InlineData("edge/spy/update/reported")]
    [InlineData("edge/other/status")]
    [InlineData("edge/#")]
    [InlineData("#")]
    public async Task Acl_DeviceReadsWhatIsNotItsOwn_GetsNothing(string filter)
    {
        MqttClient spy = Spy();
        using MqttSubscription subscription = spy.Subscribe(filter);
        using MqttSubscription own = spy.Subscribe("edge/spy/update/desired");
        await own.Acknowledged.WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (string topic in (string[])["edge/other/update/desired", "edge/other/status", "edge/spy/update/reported", "edge/spy/update/desired"])
        {
            _fleet.Operator.TryPublish(new MqttTopic(topic), "secret"u8, retain: true);
        }
        Assert.True(_fleet.Operator.WaitForAcknowledgements(Patience));
        MqttMessage? seen = await own.Messages.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal("edge/spy/update/desired", seen.Topic);
        // Brokers keep the order: what was to come before has come.
        while (subscription.Messages.TryRead(out seen))
        {
            Assert.Equal("edge/spy/update/desired", seen.Topic);
        }
    }

    [Theory]
    [InlineData("edge/blobs/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("edge/other/update/reported")]
    [InlineData("edge/other/status")]
    [InlineData("edge/spy/update/desired")]
    [InlineData("edge/other/door/set")]
    public async Task Acl_DeviceWritesWhatIsNotItsOwn_NobodySeesIt(string topic)
    {
        MqttClient spy = Spy();
        using MqttSubscription all = _fleet.Operator.Subscribe("edge/#");
        await all.Acknowledged.WaitAsync(Patience, TestContext.Current.CancellationToken);
        spy.TryPublish(new MqttTopic(topic), "forged"u8, retain: true);
        spy.TryPublish(new MqttTopic("edge/spy/status"), "own"u8);
        MqttMessage first;
        do
        {
            first = await all.Messages.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.NotEqual(topic, first.Topic);
        }
        while (first.Topic != "edge/spy/status");
    }

    [Fact]
    public void Broker_ClientWithoutACertificate_IsTurnedAway()
    {
        string ca = _fleet.Folder["fleet/ca.crt"];
        using var stranger = new MqttClient(new MqttClientOptions { Host = "localhost", Port = _fleet.Fleet.Config.Broker.Port, ClientId = "stranger", Tls = new MqttTlsOptions { CaFile = ca } });
        bool connected = false;
        using var failed = new ManualResetEventSlim();
        stranger.StateChanged += (_, e) =>
        {
            connected |= e.State == MqttState.Connected;
            if (e.State == MqttState.Waiting)
            {
                failed.Set();
            }
        };
        stranger.Start();
        Assert.True(failed.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.False(connected);
    }

    public void Dispose()
    {
        _spy?.Dispose();
        _fleet.Dispose();
    }

    private MqttClient Spy()
    {
        Setup.FleetInit.Enroll(_fleet.Fleet, "spy", TimeProvider.System.GetUtcNow());
        _spy = _fleet.Connect("spy");
        _spy.Start();
        Wait.Until(() => _spy.State == MqttState.Connected, Patience, () => "the device is not let in");
        return _spy;
    }

    private static FleetCommand Create(string id, DesiredRelease release, string waves) => new()
    {
        Verb = FleetCommand.Create,
        Plan = new RolloutPlan
        {
            Id = id,
            Package = release.Name,
            Manifest = release.ManifestSha256,
            Devices = "all",
            Waves = WaveSpec.Parse(waves, 0),
            Gate = new GateSpec { SoakSeconds = 0.5, SuccessRatio = 1 },
            Trial = new TrialSpec { Seconds = 0.1 },
        },
    };
}
