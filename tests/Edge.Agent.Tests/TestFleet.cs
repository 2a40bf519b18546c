using System.Security.Cryptography;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Setup;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Agent.Tests;

/// <summary>
/// A stock broker with what <c>edge fleet init</c> makes (TLS, a certificate for each client, the generated ACL), keys, and packages of
/// random bytes: all that an agent needs but a model that runs.
/// </summary>
internal sealed class TestFleet : IDisposable
{
    internal const string Package = "model";

    /// <summary>The device's name towards the broker and in topics.</summary>
    internal const string Device = "dut";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MqttSubscription _reports;
    private readonly bool _isPlain;
    private readonly int _modelBytes;
    private long _counter;

    /// <param name="isPlain">Whether connections are open and anybody may do anything, so that a test can look into them.</param>
    /// <param name="modelBytes">Bytes of a model.</param>
    internal TestFleet(bool isPlain = false, int modelBytes = 300_000)
    {
        (_isPlain, _modelBytes) = (isPlain, modelBytes);
        MakerKey.Save(Folder["maker.key"]);
        FleetKey.Save(Folder["fleet.key"]);
        Broker = MosquittoBroker.StartNew(isPlain ? "allow_anonymous true\nmax_queued_messages 100000" : Settings());
        Write(1, "factory");
        Client = new MqttClient(Connection("operator", Broker.Port, "fleet/server"));
        Client.Start();
        _reports = Client.Subscribe(new Topics("edge", Device).UpdateReported, capacity: 1000);
    }

    /// <summary>The lines of the generated configuration that say who may do what; the listener and what is kept are the fixture's.</summary>
    private string Settings()
    {
        FleetFolder fleet = FleetInit.Create(Folder["fleet"], ["localhost", "127.0.0.1"], 8883, [Folder["maker.key.pub"]], "edge", TimeProvider.System.GetUtcNow());
        string device = FleetInit.Enroll(fleet, Device, TimeProvider.System.GetUtcNow());
        foreach (string file in (string[])["ca.crt", "device.crt", "device.key"])
        {
            File.Copy(Path.Combine(device, file), Folder[file]);
        }
        return string.Join('\n', File.ReadLines(Folder["fleet/mosquitto.conf"]).Where(line => !line.StartsWith("listener", StringComparison.Ordinal) && !line.StartsWith("persistence", StringComparison.Ordinal)));
    }

    internal TemporaryFolder Folder { get; } = new();

    internal MosquittoBroker Broker { get; }

    internal MqttClient Client { get; }

    internal SigningKey MakerKey { get; } = SigningKey.Generate();

    internal SigningKey FleetKey { get; } = SigningKey.Generate();

    /// <summary>How the device connects.</summary>
    /// <param name="port">Where to; the broker itself unless told.</param>
    internal MqttClientOptions Connection(int? port = null) => Connection(Device, port ?? Broker.Port, "device");

    private MqttClientOptions Connection(string name, int port, string certificate) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        ClientId = name,
        BackoffMinimum = TimeSpan.FromMilliseconds(20),
        BackoffMaximum = TimeSpan.FromMilliseconds(100),
        Tls = _isPlain ? null : new MqttTlsOptions { CaFile = Folder["ca.crt"], CertificateFile = Folder[$"{certificate}.crt"], KeyFile = Folder[$"{certificate}.key"] },
    };

    /// <summary>Writes a package whose model shares its first half with every other release.</summary>
    internal string Write(long release, string? file = null, SigningKey? key = null, string minimumRuntime = "0.1.0")
    {
        byte[] model = new byte[_modelBytes];
        var shared = new Random(1);
        shared.NextBytes(model.AsSpan(0, _modelBytes / 2));
        new Random((int)release + 1).NextBytes(model.AsSpan(_modelBytes / 2));
        string path = Folder[$"{file ?? $"r{release}"}.edgepkg"];
        var manifest = new Manifest
        {
            Name = Package,
            Version = $"{release}.0.0",
            Release = release,
            Task = ModelTask.Classify,
            Input = new InputSpec { Width = 8, Height = 8, Channels = 1, ColorOrder = ColorOrder.Grey },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
            MinimumRuntime = minimumRuntime,
        };
        PackageWriter.Write(path, manifest, [PackageContent.Model(model, [_modelBytes / 2])], key ?? MakerKey);
        return path;
    }

    internal PublishedRelease Open(string path) => PublishedRelease.Open(path, PackageTrust.Keys(MakerKey.Public));

    internal async Task<PublishedRelease> PublishAsync(string path)
    {
        PublishedRelease release = Open(path);
        await new BlobPublisher(Client, "edge").PublishAsync(release.Blobs, null, CancellationToken.None);
        return release;
    }

    internal DesiredState State(params IReadOnlyList<DesiredRelease> releases) => new()
    {
        Root = "edge",
        Device = Device,
        Counter = ++_counter,
        Releases = [.. releases.Select(release => release with { Trial = new TrialSpec { Seconds = 0 } })],
    };

    internal void Ask(DesiredState state, SigningKey? key = null, SignedBytes? trust = null) =>
        Send(DesiredSigner.Sign(state, key ?? FleetKey, trust).ToUtf8());

    internal void Send(byte[] message)
    {
        Wait.Until(() => Client.State == MqttState.Connected, TimeSpan.FromSeconds(20), () => "no connection");
        Assert.Equal(MqttPublishResult.Queued, Client.TryPublish(new MqttTopic("edge/dut/update/desired"), message, retain: true));
        Assert.True(Client.WaitForAcknowledgements(TimeSpan.FromSeconds(20)));
    }

    internal void PublishBlob(ReadOnlySpan<byte> bytes, string? name = null)
    {
        Assert.Equal(MqttPublishResult.Queued, Client.TryPublish(new MqttTopic(Topics.Blob("edge", name ?? Convert.ToHexStringLower(SHA256.HashData(bytes)))), bytes, retain: true));
        Assert.True(Client.WaitForAcknowledgements(TimeSpan.FromSeconds(20)));
    }

    /// <summary>Waits until the device says something on its topic.</summary>
    internal void WaitForReport(Func<ReportedState, bool> condition)
    {
        ReportedState? last = null;
        bool IsThere()
        {
            while (_reports.Messages.TryRead(out MqttMessage? message))
            {
                if (condition(last = ReportedState.Parse(message.Payload.Span)))
                {
                    return true;
                }
            }
            return false;
        }
        Wait.Until(IsThere, Patience, () => $"the device never reported that; its last report is {System.Text.Encoding.UTF8.GetString(last?.ToUtf8() ?? [])}");
    }

    internal AgentOptions Options(string folder = "updates") => new()
    {
        Root = "edge",
        Device = Device,
        Folder = Folder[folder],
        PackageKeys = [Folder["maker.key.pub"]],
        FleetKeys = [Folder["fleet.key.pub"]],
        RuntimeVersion = "1.0.0",
        ReportInterval = TimeSpan.FromMilliseconds(20),
    };

    public void Dispose()
    {
        Client.Dispose();
        Broker.Dispose();
        MakerKey.Dispose();
        FleetKey.Dispose();
        Folder.Dispose();
    }
}
