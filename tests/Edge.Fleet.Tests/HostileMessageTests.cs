using System.Text;
using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>A device may lie, and a broker may let strangers in: the server goes on for everybody else.</summary>
public sealed class HostileMessageTests : IDisposable
{
    private const string Old = "0000000000000000000000000000000000000000000000000000000000000001";
    private const string New = "0000000000000000000000000000000000000000000000000000000000000002";

    private readonly TemporaryFolder _folder = new();
    private readonly SigningKey _key = SigningKey.Generate();
    private readonly FleetStore _store;
    private readonly FleetLogic _logic;

    public HostileMessageTests()
    {
        _store = new FleetStore(_folder["fleet.db"]);
        _store.Save(Record(Old, 1));
        _store.Save(Record(New, 2));
        _logic = new FleetLogic(_store, _key, "edge", null, TimeProvider.System);
    }

    public void Dispose()
    {
        _store.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1L << 41)]
    [InlineData(long.MinValue)]
    public void Take_CounterThatNoServerGave_LeavesTheDeviceServed(long counter)
    {
        _logic.Take("liar", Report(0));
        _logic.Obey("test", new FleetCommand { Verb = FleetCommand.Create, Plan = Plan() });
        Assert.Equal(1, Counter(Assert.Single(_logic.Save())));

        _logic.Take("liar", Report(counter));
        _logic.Save();
        _logic.Obey("test", new FleetCommand { Verb = FleetCommand.Abort, Rollout = "r" });

        Assert.Equal(2, Counter(Assert.Single(_logic.Save())));
        Assert.Equal(2, new FleetLogic(_store, _key, "edge", null, TimeProvider.System).Devices["liar"].Counter);
    }

    [Fact]
    public void Take_CounterOfADatabaseThatWasLost_GoesOnAboveIt()
    {
        _logic.Take("old", Report(5000));
        _logic.Obey("test", new FleetCommand { Verb = FleetCommand.Create, Plan = Plan() });

        Assert.Equal(5001, Counter(Assert.Single(_logic.Save())));
    }

    [Fact]
    public void Take_ErrorWithLinesAndEscapes_IsOneShortPlainLineEverywhere()
    {
        _logic.Take("loud", Report(0));
        _logic.Obey("test", new FleetCommand { Verb = FleetCommand.Create, Plan = Plan() });
        _logic.Save();
        string error = "x\r\n2026-01-01T00:00:00Z rollout r: completed\u001b[2J\u202e" + new string('y', 10_000);
        ReportedState state = Report(1);
        _logic.Take("loud", state with
        {
            Refused = error,
            Packages = [state.Packages[0] with { Phase = UpdatePhase.Failed, TargetManifest = New, Attempt = 1, Error = error, Waiting = error }],
        });
        _logic.Save();

        string[] texts = [.. _store.AuditEntries(0, 100).Select(entry => entry.Entry.Text)];
        Assert.Contains(texts, text => text.Contains("loud failed", StringComparison.Ordinal));
        PackageReport package = _store.Devices()[0].Reported!.Packages[0];
        Assert.All([.. texts, package.Error!, package.Waiting!, _store.Devices()[0].Reported!.Refused!], text =>
        {
            Assert.DoesNotContain(text, char.IsControl);
            Assert.DoesNotContain('\u202e', text);
            Assert.True(text.Length < 2 * PlainText.Longest);
        });
    }

    [Theory]
    [InlineData("blobs")]
    [InlineData("")]
    [InlineData("a+b")]
    public void Take_NameThatIsNoDevices_IsRefused(string name)
    {
        Assert.Throws<ProtocolException>(() => _logic.Take(name, Report(0)));
        Assert.Empty(_logic.Devices);
    }

    [Fact]
    public void Look_PipelinesWithEverNewNames_AreForgotten()
    {
        var watch = new HealthWatch();
        for (int i = 0; i < 200; i++)
        {
            var pipelines = new StringBuilder();
            for (int k = 0; k < 100; k++)
            {
                pipelines.Append(k == 0 ? "" : ",").Append(FormattableString.Invariant($$"""
                    {"name":"p{{i}}-{{k}}","state":"running","model":{"name":"model","version":"1.0.0","release":1},"provider":"cpu","workers":1,
                     "frames":{"in":9223372036854775807,"out":0,"failed":-9223372036854775808,"dropped":0,"published":0,"lost":0},"framesPerSecond":1,"latencyMs":null,
                     "source":{"name":"s","open":true,"restarts":0,"lastError":null,"lastErrorTime":null},
                     "modelHealth":{"failures":0,"quarantines":0,"swaps":0,"failedSwaps":0,"lastError":null},"drift":null}
                    """));
            }
            HealthMessage health = HealthMessage.Parse(Encoding.UTF8.GetBytes($$"""
                {"time":"2026-01-01T00:00:00Z","uptimeSeconds":1,"version":"1","engine":"e","ok":true,"problems":[],
                 "machine":{"cpuPercent":0,"cores":1,"rssMB":1,"peakRssMB":1,"baselineRssMB":null,"temperatureCelsius":null,"throttled":null,"diskFreeMB":null},
                 "mqtt":null,"config":{"reloads":0,"error":null},"pipelines":[{{pipelines}}]}
                """));
            Assert.Empty(watch.Look(health));
        }
        Assert.InRange(watch.Count, 1, 64);
    }

    [Fact]
    public void Serve_GarbageOnEveryTopic_GoesOn()
    {
        using var broker = new MosquittoBroker("allow_anonymous true");
        broker.Start();
        _key.Save(_folder["fleet.key"]);
        File.WriteAllText(_folder["fleet.json"], $$"""{"root":"edge","broker":{"host":"127.0.0.1","port":{{broker.Port}}},"fleetKey":"fleet.key","packageKeys":["fleet.key.pub"],"database":"served.db"}""");
        using var stop = new CancellationTokenSource();
        using var server = new FleetServer(FleetFolder.Open(_folder.Path), _ => { }, TimeProvider.System);
        var thread = new Thread(() => server.Run(stop.Token));
        thread.Start();
        Wait.Until(() => broker.Log.Contains("edge/+/health", StringComparison.Ordinal), "the server's subscriptions");
        string good = Encoding.UTF8.GetString(Report(0).ToUtf8());
        foreach (string device in (string[])["blobs", "x", "y\u0001z", new string('n', 200)])
        {
            foreach (string topic in (string[])["status", "health", "update/reported"])
            {
                foreach (string payload in (string[])["", "{", "null", "[]", "{}", "\u0000\u0001", good.Replace("\"packages\":[", "\"packages\":[null,", StringComparison.Ordinal), good, new string('[', 100_000)])
                {
                    File.WriteAllText(_folder["payload"], payload);
                    if (!device.Contains('\u0001', StringComparison.Ordinal))
                    {
                        broker.Publish("-q", "1", "-t", $"edge/{device}/{topic}", "-f", _folder["payload"], "-r");
                    }
                }
            }
        }
        File.WriteAllText(_folder["payload"], good);
        broker.Publish("-q", "1", "-t", "edge/honest/update/reported", "-f", _folder["payload"], "-r");
        using var reader = new FleetStore(_folder["served.db"]);
        Wait.Until(() => reader.Devices().Any(device => device.Name == "honest"), "the honest device's entry");
        stop.Cancel();
        thread.Join();

        Assert.Equal(["honest", "x"], reader.Devices().Select(device => device.Name));
    }

    [Fact]
    public void Serve_FolderThatIsServed_IsRefusedUntilTheFirstServerEnds()
    {
        _key.Save(_folder["fleet.key"]);
        File.WriteAllText(_folder["fleet.json"], """{"root":"edge","broker":{"host":"127.0.0.1","port":1},"fleetKey":"fleet.key","packageKeys":["fleet.key.pub"],"database":"served.db"}""");
        FleetFolder folder = FleetFolder.Open(_folder.Path);
        using (var first = new FleetServer(folder, _ => { }, TimeProvider.System))
        {
            Assert.Contains("another server", Assert.Throws<FleetException>(() => new FleetServer(folder, _ => { }, TimeProvider.System)).Message, StringComparison.Ordinal);
        }
        using var second = new FleetServer(folder, _ => { }, TimeProvider.System);
    }

    private static long Counter(Device device) => DesiredState.Parse(DesiredMessage.Parse(device.Message).Desired.Payload).Counter;

    private static RolloutPlan Plan() => new()
    {
        Id = "r",
        Package = "model",
        Manifest = New,
        Devices = "all",
        Waves = WaveSpec.Parse("100%", 1),
        Gate = new GateSpec { SoakSeconds = 600, AbortRatio = 1, SuccessRatio = 1 },
    };

    private static ReportedState Report(long counter) => new()
    {
        Time = DateTimeOffset.UnixEpoch,
        Counter = counter,
        RuntimeVersion = "1.0.0",
        Packages = [new PackageReport { Name = "model", Running = new ModelReference { Name = "model", Version = "1.0.0", Release = 1 }, RunningManifest = Old, Phase = UpdatePhase.Idle }],
    };

    private static ReleaseRecord Record(string manifest, long release) => new(
        new DesiredRelease
        {
            Name = "model",
            Version = $"{release}.0.0",
            Release = release,
            ManifestSha256 = manifest,
            Manifest = [new BlobReference { Length = 1, Sha256 = manifest }],
            Signature = [1],
            PackageBytes = 1,
        },
        [manifest],
        DateTimeOffset.UnixEpoch);
}
