using Edge.Mqtt;
using Edge.Runtime.Tests;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>
/// A board in a virtual machine: Debian's kernel, cameras, an I²C bus, GPIO lines, the native edge-runtime, and a network in which
/// nothing but the broker on this machine can be reached. Tests of a class share one.
/// </summary>
public sealed class Board : IDisposable
{
    private static readonly string Program = Path.Combine(Repository.Root, "out", "lib", "edge-runtime");

    private readonly TemporaryFolder? _folder;
    private readonly VirtualMachine? _machine;
    private readonly MosquittoBroker? _broker;
    private readonly MqttClient? _client;

    /// <summary>Starts the board; a test that uses it is skipped where it has not been built.</summary>
    public Board()
    {
        if (!IsPresent)
        {
            return;
        }
        _folder = new TemporaryFolder();
        _broker = MosquittoBroker.StartNew();
        _machine = new VirtualMachine(_folder, MakeDisk(), 384, VirtualMachine.Network(_broker.Port, Capture));
        _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = _broker.Port, ClientId = "board-tests", MaximumReceivedBytes = 1 << 20 });
        _client.Start();
    }

    internal static bool IsPresent { get; } = VirtualMachine.IsPresent && File.Exists(Path.Combine(Program, "edge-runtime"));

    internal GuestShell Shell
    {
        get
        {
            Assert.SkipUnless(IsPresent, "skipped: the virtual board is not present (make board builds it)");
            return _machine!.Shell;
        }
    }

    internal Qmp Machine => _machine!.Control;

    internal MosquittoBroker Broker => _broker!;

    /// <summary>Everything that left or reached the board over the network so far.</summary>
    internal string Capture => _folder!["packets.pcap"];

    /// <summary>Listens at the broker.</summary>
    internal MqttSubscription Listen(string filter)
    {
        MqttSubscription subscription = _client!.Subscribe(filter, MqttQos.AtLeastOnce, 100_000);
        subscription.Acknowledged.Wait(TimeSpan.FromSeconds(20));
        return subscription;
    }

    /// <summary>Sends a message to the broker.</summary>
    internal void Send(string topic, string text) => Assert.Equal(MqttPublishResult.Queued, _client!.TryPublish(new MqttTopic(topic), System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Starts edge-runtime with a configuration of some pipelines.</summary>
    /// <param name="device">A name of the test's own, so that its messages are.</param>
    /// <param name="pipelines">The list of pipelines, JSON.</param>
    /// <param name="more">Further fields of the configuration, each with a comma behind it.</param>
    internal BoardRun Start(string device, string pipelines, string more = "")
    {
        Shell.Write("/tmp/edge-runtime.json", $$"""
            {
              "device": "{{device}}", "broker": { "host": "10.0.2.100", "keepAliveSeconds": 5 }, "trustedKeys": ["/app/maker.key.pub"],
              "health": { "intervalSeconds": 1 }, {{more}}
              "pipelines": {{pipelines}}
            }
            """);
        return new BoardRun(this, device);
    }

    /// <summary>What the board's kernel has said.</summary>
    internal string Console() => _machine!.Console();

    public void Dispose()
    {
        _client?.Dispose();
        _machine?.Dispose();
        _broker?.Dispose();
        _folder?.Dispose();
    }

    /// <summary>The disk of the board: edge-runtime, a package, its key, and pictures.</summary>
    private string MakeDisk()
    {
        using var model = new TestModel();
        var disk = new GuestDisk(_folder!["disk"]);
        disk.Add(Directory.EnumerateFiles(Program).Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal)));
        disk.Write("brightness.edgepkg", File.ReadAllBytes(model.Package));
        disk.Write("warm.edgepkg", SensorPackage.Make(model.Folder["maker.key"]));
        disk.Write("maker.key.pub", File.ReadAllBytes(model.Key));
        foreach ((string name, byte grey) in new (string, byte)[] { ("dark", 0), ("bright", 255) })
        {
            disk.Write($"{name}.jpg", TestModel.Image(grey, ".jpg"));
        }
        // What edge-runtime loads by name while it runs.
        disk.Make(_folder["app.ext4"], "libmosquitto.so.1", "libturbojpeg.so.0", "libpng16.so.16", "libssl.so.3", "libcrypto.so.3", "libsqlite3.so.0");
        return _folder["app.ext4"];
    }
}
