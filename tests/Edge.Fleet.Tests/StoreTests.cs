using Edge.Fleet.Protocol;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>What is saved comes back, from either database.</summary>
public sealed class StoreTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly string Hash = new('a', 64);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Store_OfSqlite_GivesBackWhatWasSaved() => GivesBack(_folder["fleet.db"]);

    [Fact]
    public void Open_FolderWithAnEqualsSign_IsAFileOfSqlite()
    {
        string folder = Directory.CreateDirectory(_folder["site=vienna"]).FullName;
        using var store = new FleetStore(Path.Combine(folder, "fleet.db"));
        Assert.False(store.IsShared);
    }

    [Fact]
    public void Store_OfPostgres_GivesBackWhatWasSaved()
    {
        using var server = new PostgresServer();
        GivesBack(server.ConnectionString);
        LeadsAlone(server.ConnectionString);
    }

    [Fact]
    public void Open_PostgresThatIsNotThere_SaysSoInOneLineWithoutThePassword()
    {
        FleetException error = Assert.Throws<FleetException>(() => new FleetStore($"Host=127.0.0.1;Port={MosquittoBroker.FreePort()};Username=edge;Password=secret"));
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotAConnectionString_SaysSoInOneLine()
    {
        FleetException error = Assert.Throws<FleetException>(() => new FleetStore("nonsense=1"));
        Assert.DoesNotContain('\n', error.Message);
    }

    public void Dispose() => _folder.Dispose();

    private static void GivesBack(string place)
    {
        ReportedState reported = new() { Time = Time, Counter = 1, Boot = "b", Sequence = 7, RuntimeVersion = "1", Packages = [] };
        var plain = new Device { Name = "plain" };
        var full = new Device
        {
            Name = "full",
            Tags = new() { ["site"] = "Wien \u00fc" },
            IsExcluded = true,
            Pins = new() { ["m"] = Hash },
            FirstSeen = Time,
            LastSeen = Time,
            IsOnline = true,
            Runtime = "1",
            Reported = reported,
            IsHealthy = false,
            Problem = "hot",
            Counter = 1L << 39,
            Wish = "w",
            Message = [1, 0, 2],
        };
        var description = new DesiredRelease { Name = "m", Version = "1", Release = 3, ManifestSha256 = Hash, Manifest = [new BlobReference { Length = 1, Sha256 = Hash }], Signature = [1], PackageBytes = 1 };
        var rollout = new Rollout(new RolloutPlan { Id = "r", Package = "m", Manifest = Hash, Devices = "all", Waves = WaveSpec.Parse("100%", 0) });
        using (var store = new FleetStore(place))
        {
            store.Save(plain);
            plain.LastSeen = Time;
            plain.IsAway = true;
            store.InTransaction(() =>
            {
                store.Save(plain);
                store.Save(full);
            });
            store.Save(new ReleaseRecord(description, [Hash], Time));
            store.SetGroup("g", "site=a");
            store.SetGroup("g", "site=b");
            store.Add(rollout, Time);
            foreach (string name in (string[])["z", "a", "m"])
            {
                rollout.Apply(new RolloutEvent.Joined(name, null), 0);
            }
            store.Save(rollout, rollout.TakeChanges());
            rollout.Apply(new RolloutEvent.Tick(), 0);
            store.Save(rollout, rollout.TakeChanges());
            Assert.Equal(1, store.Post("me", new FleetCommand { Verb = FleetCommand.Pause, Rollout = "r" }, Time));
            Assert.Equal(2, store.Post("me", new FleetCommand { Verb = FleetCommand.Resume, Rollout = "r" }, Time));
            store.Answer(1, "");
            store.Audit(new AuditEntry(Time, "me", "one"));
            store.Audit(new AuditEntry(Time, "me", "two"));
            store.Set("name", "before");
            store.Set("name", "after");
            store.Forward([new DeviceMessage(DeviceMessageKind.Health, "d", "x"u8.ToArray()), new DeviceMessage(DeviceMessageKind.Reported, "e", "y"u8.ToArray())]);
            store.Beat("s", 1);
            store.Beat("s", 2);
            Assert.Throws<InvalidOperationException>(() => store.InTransaction(() =>
            {
                store.Set("name", "never");
                throw new InvalidOperationException();
            }));
        }
        using var again = new FleetStore(place);
        Assert.Equal(2, again.CountDevices());
        Device[] devices = [.. again.Devices()];
        Assert.Equivalent(full, devices[0]);
        Assert.Equivalent(plain, devices[1]);
        ReleaseRecord release = Assert.Single(again.Releases());
        Assert.Equal((description.ToString(), Time), (release.Release with { Manifest = description.Manifest, Signature = description.Signature } is var read ? read.ToString() : "", release.Time));
        Assert.Equal([Hash], release.Blobs);
        Assert.Equal("site=b", again.Groups()["g"]);
        Rollout back = Assert.Single(again.Rollouts());
        Assert.Equal(["z", "a", "m"], back.Members.Select(member => member.Device));
        Assert.Equal(3, back.Assigned);
        Assert.Equal(back.Header.Status, again.StatusOf("r"));
        Assert.Equal(("", null), (again.AnswerOf(1), again.AnswerOf(2)));
        Assert.Equal(2, Assert.Single(again.PendingCommands()).Id);
        Assert.Equal(["two"], again.AuditEntries(1, 10).Select(entry => entry.Entry.Text));
        Assert.Equal("after", again.Setting("name"));
        Assert.Equal([("s", 2L)], again.Servers());
        (long id, DeviceMessage message) = again.Forwarded(1)[0];
        Assert.Equal(("d", DeviceMessageKind.Health, "x"), (message.Device, message.Kind, System.Text.Encoding.UTF8.GetString(message.Payload.Span)));
        again.Forget([id]);
        Assert.Equal("e", Assert.Single(again.Forwarded(10)).Message.Device);
        again.RemoveServer("s");
        Assert.Empty(again.Servers());
    }

    private static void LeadsAlone(string place)
    {
        using var second = new FleetStore(place);
        using (var first = new FleetStore(place))
        {
            Assert.True(first.TryLead());
            Assert.False(second.TryLead());
        }
        Wait.Until(second.TryLead, "the lead of a connection that has ended");
    }
}
