using Edge.Cli.Demo;
using Edge.Cli.Terminal;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Imaging;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Reports;

namespace Edge.Cli.Fleet.Demo;

/// <summary>The work of <c>edge fleet demo</c>.</summary>
internal sealed class FleetDemo : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;
    private readonly int _count;
    private readonly string _program;
    private readonly DemoTimeline _timeline = new();
    private readonly List<DemoDevice> _devices = [];
    private readonly CancellationTokenSource _stop = new();
    private Tool? _broker;
    private Thread? _server;

    internal FleetDemo(string folder, int count, string program) => (_folder, _count, _program) = (Path.GetFullPath(folder), count, program);

    internal async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        Directory.CreateDirectory(_folder);
        string In(string name) => Path.Combine(_folder, name);
        using (SigningKey maker = SigningKey.Generate())
        {
            maker.Save(In("maker.key"));
        }
        var releases = new DemoReleases(_folder, In("maker.key"));
        string factory = releases.Factory();
        string[] packages = [releases.Good(), releases.Slow(), releases.Wrong()];
        WritePictures(In("pictures"));
        FleetFolder fleet = FleetInit.Create(In("fleet"), ["localhost"], Broker.FreePort(), [In("maker.key.pub")], "edge", TimeProvider.System.GetUtcNow());
        // Started by root a broker gives its rights up, and could not read the folder.
        File.AppendAllText(In("fleet/mosquitto.conf"), $"user {Environment.UserName}\n");
        _broker = Tool.Start("mosquitto", "mosquitto", "-c", In("fleet/mosquitto.conf"));
        using MqttClient client = fleet.CreateClient("demo");
        client.Start();
        using MqttSubscription reports = client.Subscribe("edge/+/update/reported", MqttQos.AtLeastOnce, 10_000);
        _server = new Thread(() =>
        {
            using var server = new FleetServer(fleet, Story, TimeProvider.System);
            server.Run(_stop.Token);
        });
        _server.Start();
        Task listening = ListenAsync(reports);
        using FleetStore store = fleet.OpenStore();
        for (int i = 0; i < _count; i++)
        {
            string name = $"cam-{i + 1:00}";
            _devices.Add(new DemoDevice(fleet, name, factory, In("pictures"), _program));
            Post(store, new FleetCommand { Verb = FleetCommand.Tag, Device = name, Tags = new() { ["site"] = i % 2 == 0 ? "north" : "south", ["model"] = i % 3 == 0 ? "pi4" : "pi5" } });
            _devices[^1].Start();
        }
        await UntilAsync(() => store.Devices().Count(device => device.Reported is not null) == _count, cancellation);
        Story($"{_count} devices run release 1");
        var published = new List<DesiredRelease>();
        foreach (string package in packages)
        {
            published.Add(await PublishAsync(fleet, store, client, package, cancellation));
        }
        Begin(store, published[0], "1,25%,100%");
        await CutPowerAsync(store, published[0], cancellation);
        bool good = await EndAsync(store, published[0], RolloutStatus.Completed, cancellation);
        Begin(store, published[1], "2,100%");
        good &= await EndAsync(store, published[1], RolloutStatus.Aborted, cancellation);
        Begin(store, published[2], "2,100%");
        good &= await EndAsync(store, published[2], RolloutStatus.Aborted, cancellation);
        await UntilAsync(() => RunningSecond(store) == _count, cancellation);
        Story($"{RunningSecond(store)} of {_count} devices run release 2");
        _timeline.Write(In("timeline.html"), Tiles(store, published));
        Screen.Line($"Look at it: {In("timeline.html")}");
        Screen.Line($"Ask it:     edge fleet devices --fleet {In("fleet")}; edge fleet rollout status --fleet {In("fleet")}; edge fleet audit --fleet {In("fleet")}");
        _stop.Cancel();
        client.Disconnect(null, TimeSpan.FromSeconds(2));
        await listening;
        return good;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _devices.ForEach(device => device.Dispose());
        _server?.Join();
        _broker?.Dispose();
        _stop.Dispose();
    }

    private async Task<DesiredRelease> PublishAsync(FleetFolder fleet, FleetStore store, MqttClient client, string package, CancellationToken cancellation)
    {
        PublishedRelease release = PublishedRelease.Open(package, fleet.Trust);
        PublishReport report = await new BlobPublisher(client, fleet.Config.Root).PublishAsync(release.Blobs, null, cancellation);
        store.Save(new ReleaseRecord(release.Release, [.. release.Blobs.Keys], TimeProvider.System.GetUtcNow()));
        Story($"release {release.Release.Release} is published: {report.PublishedBytes:N0} of {report.Bytes:N0} bytes moved{(report.Published < report.Blobs ? ", the broker had the rest" : "")}");
        return release.Release;
    }

    private static void Begin(FleetStore store, DesiredRelease release, string waves) => Post(store, new FleetCommand
    {
        Verb = FleetCommand.Create,
        Plan = new RolloutPlan
        {
            Id = $"release-{release.Release}",
            Package = release.Name,
            Manifest = release.ManifestSha256,
            Devices = "all",
            Waves = WaveSpec.Parse(waves, 0),
            // Twenty runtimes share this machine's cores: their latency says nothing about the release.
            Gate = new GateSpec { SoakSeconds = 2, SuccessRatio = 1, MaximumLatencyRatio = null },
            Trial = new TrialSpec { Seconds = 3, MaximumInferRatio = 5 },
        },
    });

    /// <summary>Ends a device in the middle of its update as a power cut would, and starts it again.</summary>
    private async Task CutPowerAsync(FleetStore store, DesiredRelease release, CancellationToken cancellation)
    {
        Member? victim = null;
        await UntilAsync(() => (victim = Find(store, release)?.Members.FirstOrDefault(member => member is { Stage: MemberStage.Assigned, Wave: > 0 })) is not null, cancellation);
        DemoDevice device = _devices.Single(device => device.Name == victim!.Device);
        device.Cut();
        _timeline.Note(device.Name, "power cut");
        Story($"{device.Name} loses its power in the middle of the update");
        await Task.Delay(TimeSpan.FromSeconds(2), cancellation);
        device.Start();
        Story($"{device.Name} has power again");
    }

    private static async Task<bool> EndAsync(FleetStore store, DesiredRelease release, RolloutStatus expected, CancellationToken cancellation)
    {
        await UntilAsync(() => Find(store, release)?.Header.Status is RolloutStatus.Completed or RolloutStatus.Aborted, cancellation);
        return Find(store, release)!.Header.Status == expected;
    }

    private static Rollout? Find(FleetStore store, DesiredRelease release) => store.Rollouts().FirstOrDefault(rollout => rollout.Plan.Manifest == release.ManifestSha256);

    private static int RunningSecond(FleetStore store) => store.Devices().Count(device => device.Package(DemoReleases.Name)?.Running?.Release == 2);

    private IReadOnlyList<Tile> Tiles(FleetStore store, List<DesiredRelease> published) =>
    [
        new($"{RunningSecond(store)} of {_count}", "devices end on the good release"),
        new($"{Find(store, published[1])!.Members.Count(member => member.Attempt > 0)}", "devices were given the slow release"),
        new($"{Find(store, published[2])!.Members.Count(member => member.Attempt > 0)}", "devices were given the wrong release"),
        new($"{_timeline.Now:0} s", "from the first device to the last word"),
    ];

    private static void Post(FleetStore store, FleetCommand command) => store.Post("demo", command, TimeProvider.System.GetUtcNow());

    private void Story(string line)
    {
        // Twenty devices that appear and get tags are no story.
        if (line.Length > 0 && !line.StartsWith("tag ", StringComparison.Ordinal) && !line.StartsWith("device ", StringComparison.Ordinal))
        {
            _timeline.Tell(line);
            Screen.Line($"{_timeline.Now,6:0.0} s  {line}");
        }
    }

    private async Task ListenAsync(MqttSubscription reports)
    {
        await foreach (MqttMessage message in reports.Messages.ReadAllAsync())
        {
            if (ReportedState.Parse(message.Payload.Span).Packages is [var package, ..])
            {
                _timeline.Note(message.Topic.Split('/')[1], package);
            }
        }
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            while (!condition())
            {
                await Task.Delay(Poll, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ToolException("the demo does not come further: look at log.txt in the devices' folders");
        }
    }

    private static void WritePictures(string folder)
    {
        Directory.CreateDirectory(folder);
        using var pixels = new PixelBuffer();
        pixels.Resize(28, 28, PixelFormat.Grey8);
        using var encoder = new ImageEncoder();
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            random.NextBytes(pixels.Pixels);
            File.WriteAllBytes(Path.Combine(folder, $"{i:00}.png"), encoder.EncodePng(pixels).ToArray());
        }
    }
}
