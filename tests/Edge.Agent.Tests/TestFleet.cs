using System.Security.Cryptography;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Mqtt;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Agent.Tests;

/// <summary>A broker, keys, and packages of random bytes: all that an agent needs but a model that runs.</summary>
internal sealed class TestFleet : IDisposable
{
    internal const string Package = "model";
    private const int ModelBytes = 300_000;

    private long _counter;

    internal TestFleet()
    {
        Broker = MosquittoBroker.StartNew("allow_anonymous true");
        MakerKey.Save(Folder["maker.key"]);
        FleetKey.Save(Folder["fleet.key"]);
        Write(1, "factory");
        Client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = Broker.Port, ClientId = "operator", BackoffMinimum = TimeSpan.FromMilliseconds(50), BackoffMaximum = TimeSpan.FromMilliseconds(200) });
        Client.Start();
    }

    internal TemporaryFolder Folder { get; } = new();

    internal MosquittoBroker Broker { get; }

    internal MqttClient Client { get; }

    internal SigningKey MakerKey { get; } = SigningKey.Generate();

    internal SigningKey FleetKey { get; } = SigningKey.Generate();

    /// <summary>Writes a package whose model shares its first half with every other release.</summary>
    internal string Write(long release, string? file = null, SigningKey? key = null, string minimumRuntime = "0.1.0")
    {
        byte[] model = new byte[ModelBytes];
        var shared = new Random(1);
        shared.NextBytes(model.AsSpan(0, ModelBytes / 2));
        new Random((int)release + 1).NextBytes(model.AsSpan(ModelBytes / 2));
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
        PackageWriter.Write(path, manifest, [PackageContent.Model(model, [ModelBytes / 2])], key ?? MakerKey);
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
        Device = "dut",
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

    internal AgentOptions Options(string folder = "updates") => new()
    {
        Root = "edge",
        Device = "dut",
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
