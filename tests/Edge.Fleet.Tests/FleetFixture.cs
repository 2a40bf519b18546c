using System.Diagnostics;
using Edge.Agent;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Fleet.Tests;

/// <summary>A fleet as <c>edge fleet init</c> makes it: a stock mosquitto with the generated configuration, TLS, a certificate each.</summary>
internal sealed class FleetFixture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _broker;
    private readonly int _port = MosquittoBroker.FreePort();
    private readonly List<DeviceFixture> _devices = [];
    private readonly List<ServerProcess> _servers = [];
    private CancellationTokenSource _stop = new();
    private Thread? _thread;

    /// <param name="database">A connection string of PostgreSQL; null for SQLite.</param>
    internal FleetFixture(string? database = null)
    {
        if (MosquittoBroker.Program is null)
        {
            Folder.Dispose();
            Assert.Skip("skipped: mosquitto is not installed");
        }
        MakerKey.Save(Folder["maker.key"]);
        Write(1);
        Fleet = FleetInit.Create(Folder["fleet"], ["localhost", "127.0.0.1"], _port, [Folder["maker.key.pub"]], "edge", TimeProvider.System.GetUtcNow());
        if (database is not null)
        {
            string file = Folder["fleet/fleet.json"];
            File.WriteAllText(file, File.ReadAllText(file).Replace("\"fleet.db\"", $"\"{database}\"", StringComparison.Ordinal));
            Fleet = FleetFolder.Open(Folder["fleet"]);
        }
        // Started by root a broker gives its rights up, and could not read a folder of the test.
        File.AppendAllText(Folder["fleet/mosquitto.conf"], $"user {Environment.UserName}\nlog_type error\nlog_type warning\n");
        _broker = Process.Start(new ProcessStartInfo(MosquittoBroker.Program!, ["-c", Folder["fleet/mosquitto.conf"]]) { RedirectStandardError = true })!;
        _broker.BeginErrorReadLine();
        Operator = Fleet.CreateClient("operator");
        Operator.Start();
        Wait.Until(() => Operator.State == MqttState.Connected, Patience, () => "the broker does not answer");
    }

    internal TemporaryFolder Folder { get; } = new();

    internal SigningKey MakerKey { get; } = SigningKey.Generate();

    internal FleetFolder Fleet { get; }

    internal MqttClient Operator { get; }

    internal List<string> ServerLog { get; } = [];

    private string Said => string.Join('\n', [.. ServerLog, .. _servers.Select(server => server.Log)]);

    /// <summary>Writes a package.</summary>
    internal string Write(long release)
    {
        byte[] model = new byte[100_000];
        new Random(1).NextBytes(model.AsSpan(0, 90_000));
        new Random((int)release).NextBytes(model.AsSpan(90_000));
        string path = Folder[$"r{release}.edgepkg"];
        var manifest = new Manifest
        {
            Name = "model",
            Version = $"{release}.0.0",
            Release = release,
            Task = ModelTask.Classify,
            Input = new InputSpec { Width = 8, Height = 8, Channels = 1, ColorOrder = ColorOrder.Grey },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
        };
        PackageWriter.Write(path, manifest, [PackageContent.Model(model, [90_000])], MakerKey);
        return path;
    }

    /// <summary>Publishes a release as <c>edge fleet publish</c> does.</summary>
    internal async Task<(PublishReport Report, DesiredRelease Release)> PublishAsync(long release)
    {
        PublishedRelease published = PublishedRelease.Open(Write(release), Fleet.Trust);
        PublishReport report = await new BlobPublisher(Operator, "edge").PublishAsync(published.Blobs, null, CancellationToken.None);
        using FleetStore store = Fleet.OpenStore();
        store.Save(new ReleaseRecord(published.Release, [.. published.Blobs.Keys], TimeProvider.System.GetUtcNow()));
        return (report, published.Release);
    }

    internal void StartServer()
    {
        _stop = new CancellationTokenSource();
        CancellationToken stop = _stop.Token;
        _thread = new Thread(() =>
        {
            using var server = new FleetServer(Fleet, ServerLog.Add, TimeProvider.System);
            server.Run(stop);
        });
        _thread.Start();
    }

    internal void StopServer()
    {
        _stop.Cancel();
        _thread?.Join();
        _thread = null;
    }

    /// <summary>A server in a process of its own.</summary>
    internal ServerProcess StartServerProcess()
    {
        var server = new ServerProcess(Fleet.Path);
        _servers.Add(server);
        return server;
    }

    internal DeviceFixture AddDevice(string name)
    {
        var device = new DeviceFixture(this, name, FleetInit.Enroll(Fleet, name, TimeProvider.System.GetUtcNow()));
        _devices.Add(device);
        return device;
    }

    /// <summary>A connection with a device's certificate.</summary>
    internal MqttClient Connect(string device, string? name = null)
    {
        string folder = Folder[$"fleet/devices/{device}"];
        return new MqttClient(new MqttClientOptions
        {
            Host = "localhost",
            Port = _port,
            ClientId = name ?? device,
            BackoffMinimum = TimeSpan.FromMilliseconds(50),
            BackoffMaximum = TimeSpan.FromMilliseconds(500),
            Tls = new MqttTlsOptions { CaFile = $"{folder}/ca.crt", CertificateFile = $"{folder}/device.crt", KeyFile = $"{folder}/device.key" },
        });
    }

    internal void Send(FleetCommand command)
    {
        using FleetStore store = Fleet.OpenStore();
        long id = store.Post("test", command, TimeProvider.System.GetUtcNow());
        Wait.Until(() => store.AnswerOf(id) is not null, Patience, () => $"the server does not answer: {Said}");
        Assert.Equal("", store.AnswerOf(id));
    }

    internal void WaitForRollout(string id, Func<Rollout, bool> condition)
    {
        using FleetStore store = Fleet.OpenStore();
        Rollout? rollout = null;
        Wait.Until(() => (rollout = store.Rollouts().FirstOrDefault(rollout => rollout.Plan.Id == id)) is not null && condition(rollout), Patience,
            () => $"rollout {id} never came so far: {rollout?.Header} {string.Join(' ', rollout?.Members.Select(member => $"{member.Device}:{member.Stage}") ?? [])} {Said}");
    }

    internal void WaitForDevices(int count)
    {
        using FleetStore store = Fleet.OpenStore();
        Wait.Until(() => store.Devices().Count(device => device.Reported is not null) == count, Patience, () => $"devices are missing: {Said}");
    }

    public void Dispose()
    {
        StopServer();
        _servers.ForEach(server => server.Dispose());
        _devices.ForEach(device => device.Dispose());
        Operator.Dispose();
        _broker.Kill();
        _broker.WaitForExit();
        _broker.Dispose();
        MakerKey.Dispose();
        Folder.Dispose();
    }

    internal static AgentOptions Options(string name, string folder) => new()
    {
        Root = "edge",
        Device = name,
        Folder = Path.Combine(folder, "updates"),
        PackageKeys = [Path.Combine(folder, "package-1.pub")],
        FleetKeys = [Path.Combine(folder, "fleet.key.pub")],
        RuntimeVersion = "1.0.0",
        ReportInterval = TimeSpan.FromMilliseconds(50),
    };
}
