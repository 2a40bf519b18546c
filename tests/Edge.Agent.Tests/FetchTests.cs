using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Mqtt;
using Edge.Testing;

namespace Edge.Agent.Tests;

/// <summary>What an update moves over the network, and what stands in its way.</summary>
public sealed class FetchTests : IDisposable
{
    private readonly TestFleet _fleet = new();

    [Fact]
    public async Task Fetch_HalfOfTheModelUnchanged_MovesTheOtherHalfAndTheManifest()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(two.Release));
        device.WaitFor(UpdatePhase.Committed, 2);
        Assert.Equal(150_000, device.Report.BytesReused);
        Assert.Equal(150_000 + two.ManifestBytes.Length, device.Report.BytesFetched);
        Assert.Equal(File.ReadAllBytes(_fleet.Folder["r2.edgepkg"]), File.ReadAllBytes(_fleet.Folder["updates/model/a.edgepkg"]));
    }

    [Fact]
    public async Task Fetch_BackToTheReleaseBefore_MovesItsManifestOnly()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        PublishedRelease three = await _fleet.PublishAsync(_fleet.Write(3));
        using var device = new TestDevice(_fleet);
        _fleet.Ask(_fleet.State(two.Release));
        device.WaitFor(UpdatePhase.Committed, 2);
        _fleet.Ask(_fleet.State(three.Release));
        device.WaitFor(UpdatePhase.Committed, 3);
        _fleet.Ask(_fleet.State(two.Release with { AllowDowngrade = true }));
        device.WaitFor(UpdatePhase.Committed, 2);
        Assert.Equal(two.ManifestBytes.Length, device.Report.BytesFetched);
    }

    [Fact]
    public async Task Fetch_ProcessEndsInTheMiddle_TheNextGoesOnWithWhatIsThere()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        string victim = two.Blobs.First(blob => blob.Value.Length is < 30_000 and > 10_000 && !_fleet.Open(_fleet.Folder["factory.edgepkg"]).Blobs.ContainsKey(blob.Key)).Key;
        new BlobPublisher(_fleet.Client, "edge").Remove([victim]);
        long first;
        using (var device = new TestDevice(_fleet))
        {
            _fleet.Ask(_fleet.State(two.Release));
            device.WaitFor(state => state.Packages[0].ProgressPercent > 90);
            first = device.Report.BytesFetched;
        }
        _fleet.PublishBlob(two.Blobs[victim].Span);
        using var again = new TestDevice(_fleet);
        again.WaitFor(UpdatePhase.Committed, 2);
        Assert.Equal(150_000 + two.ManifestBytes.Length - two.Blobs[victim].Length, first);
        Assert.Equal(two.Blobs[victim].Length, again.Report.BytesFetched);
    }

    [Fact]
    public void Dispose_ConnectionLivesOnAndComesBack_NothingHappens()
    {
        using var client = new MqttClient(_fleet.Connection());
        using var host = new TestDevice(_fleet, isConnected: false);
        using (var agent = new UpdateAgent(_fleet.Options("others"), host, _ => { }))
        {
            agent.Attach(client);
        }
        // The agent's handler is called before those that come after it: where it throws, they are not.
        using var told = new ManualResetEventSlim();
        client.StateChanged += (_, e) =>
        {
            if (e.State == MqttState.Connected)
            {
                told.Set();
            }
        };
        client.Start();
        Assert.True(told.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Fetch_ClosedGate_WaitsAndSaysWhy()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        string? reason = "updates wait: the battery has 7 %";
        using var device = new TestDevice(_fleet, _fleet.Options() with { Gate = () => Volatile.Read(ref reason) });
        _fleet.Ask(_fleet.State(two.Release));
        device.WaitFor(state => state.Packages[0].Waiting == "updates wait: the battery has 7 %");
        Assert.Equal(0, device.Report.BytesFetched);
        Volatile.Write(ref reason, null);
        device.WaitFor(UpdatePhase.Committed, 2);
    }

    [Fact]
    public async Task Fetch_DiskTooSmall_WaitsAndSaysHowMuchIsMissing()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        using var device = new TestDevice(_fleet, _fleet.Options() with { ReserveBytes = long.MaxValue / 2 });
        _fleet.Ask(_fleet.State(two.Release));
        device.WaitFor(state => state.Packages[0].Waiting?.Contains("bytes free, the release needs", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Trial_Complaint_GoesBackAndIsNotTriedAgainAfterARestart()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        using (var device = new TestDevice(_fleet))
        {
            device.Complaints = release => release == 2 ? "it sees ghosts" : null;
            _fleet.Ask(_fleet.State(two.Release));
            device.WaitFor(UpdatePhase.RolledBack, 1);
            Assert.Equal("it sees ghosts", device.Report.Error);
        }
        using var again = new TestDevice(_fleet);
        again.WaitFor(state => state.Counter > 0);
        Assert.Equal((1L, UpdatePhase.RolledBack), (again.Loaded, again.Report.Phase));
    }

    [Fact]
    public async Task Slot_DamagedOnTheDisk_TheReleaseBeforeStarts()
    {
        PublishedRelease two = await _fleet.PublishAsync(_fleet.Write(2));
        PublishedRelease three = await _fleet.PublishAsync(_fleet.Write(3));
        using (var device = new TestDevice(_fleet))
        {
            _fleet.Ask(_fleet.State(two.Release));
            device.WaitFor(UpdatePhase.Committed, 2);
            _fleet.Ask(_fleet.State(three.Release));
            device.WaitFor(UpdatePhase.Committed, 3);
        }
        byte[] bytes = File.ReadAllBytes(_fleet.Folder["updates/model/b.edgepkg"]);
        bytes[200_000] ^= 1;
        File.WriteAllBytes(_fleet.Folder["updates/model/b.edgepkg"], bytes);
        using var again = new TestDevice(_fleet);
        Assert.Equal(2, again.Loaded);
        // What it was asked for still stands: it fetches the damaged chunk, and nothing else of the model.
        again.WaitFor(UpdatePhase.Committed, 3);
    }

    [Theory]
    [InlineData("02:00-05:00", 3, true)]
    [InlineData("02:00-05:00", 6, false)]
    [InlineData("22:00-05:00", 23, true)]
    [InlineData("22:00-05:00", 12, false)]
    public void DailyWindow_Hours_AreOpenOrNot(string text, int hour, bool isOpen)
    {
        Assert.True(DailyWindow.TryParse(text, out DailyWindow window));
        Assert.Equal(isOpen, window.IsOpen(new FixedClock(new DateTimeOffset(2026, 1, 2, hour, 0, 0, TimeSpan.Zero))));
        Assert.True(window.IsOpen(new FixedClock(new DateTimeOffset(1970, 1, 2, hour, 0, 0, TimeSpan.Zero))));
    }

    [Fact]
    public void PowerGate_BatteryAndHeat_AreTold()
    {
        using var root = new TemporaryFolder();
        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root[path])!);
            File.WriteAllText(root[path], text);
        }
        Write("sys/class/power_supply/BAT0/type", "Battery\n");
        Write("sys/class/power_supply/BAT0/capacity", "12\n");
        Write("sys/class/power_supply/BAT0/status", "Discharging\n");
        Write("sys/class/thermal/thermal_zone0/temp", "81500\n");
        Assert.Equal("updates wait: the battery has 12 %, 20 % are asked for", new PowerGate(root.Path, 20, 0).Look());
        Assert.Equal("updates wait: the machine has 81.5 °C, at most 80 °C are asked for", new PowerGate(root.Path, 10, 80).Look());
        Assert.Null(new PowerGate(root.Path, 0, 0).Look());
        Write("sys/class/power_supply/BAT0/status", "Charging\n");
        Assert.Null(new PowerGate(root.Path, 20, 90).Look());
    }

    public void Dispose() => _fleet.Dispose();

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => now;
    }
}
