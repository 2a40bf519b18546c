using System.Diagnostics;
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
    private const int BrokerPort = 1883;

    private static readonly string Parts = Path.Combine(Repository.Root, "out", "board");
    private static readonly string Program = Path.Combine(Repository.Root, "out", "lib", "edge-runtime");

    // What edge-runtime loads by name while it runs.
    private static readonly string[] Loaded = ["libmosquitto.so.1", "libturbojpeg.so.0", "libpng16.so.16", "libssl.so.3", "libcrypto.so.3"];

    private readonly TemporaryFolder? _folder;
    private readonly Process? _machine;
    private readonly MosquittoBroker? _broker;
    private readonly MqttClient? _client;
    private readonly TestModel? _model;
    private readonly GuestShell? _shell;
    private readonly Qmp? _qmp;

    /// <summary>Starts the board; a test that uses it is skipped where it has not been built.</summary>
    public Board()
    {
        if (!IsPresent)
        {
            return;
        }
        _folder = new TemporaryFolder();
        _model = new TestModel();
        _broker = MosquittoBroker.StartNew();
        _machine = StartMachine();
        Wait.Until(() => File.Exists(_folder["shell"]) && File.Exists(_folder["qmp"]), TimeSpan.FromSeconds(30), () => $"the virtual machine does not start: {Console()}");
        _shell = new GuestShell(_folder["shell"]);
        _qmp = new Qmp(_folder["qmp"]);
        _shell.WaitUntilReady();
        _client = new MqttClient(new MqttClientOptions { Host = "127.0.0.1", Port = _broker.Port, ClientId = "board-tests", MaximumReceivedBytes = 1 << 20 });
        _client.Start();
    }

    internal static bool IsPresent { get; } = OperatingSystem.IsLinux() && File.Exists(Path.Combine(Parts, "stamp"))
        && File.Exists(Path.Combine(Program, "edge-runtime")) && File.Exists("/usr/bin/qemu-system-x86_64");

    internal GuestShell Shell
    {
        get
        {
            Assert.SkipUnless(IsPresent, "skipped: the virtual board is not present (make board builds it)");
            return _shell!;
        }
    }

    internal Qmp Machine => _qmp!;

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
    internal string Console() => File.Exists(_folder!["console"]) ? File.ReadAllText(_folder["console"]) : "";

    public void Dispose()
    {
        _client?.Dispose();
        _qmp?.Dispose();
        _shell?.Dispose();
        if (_machine is { HasExited: false })
        {
            _machine.Kill();
            _machine.WaitForExit();
        }
        _machine?.Dispose();
        _broker?.Dispose();
        _model?.Dispose();
        _folder?.Dispose();
    }

    private static string Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors.Result}");
        return output;
    }

    private Process StartMachine()
    {
        MakeDisk();
        string[] arguments =
        [
            "-M", "pc", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", "384", "-nodefaults", "-display", "none", "-no-reboot",
            "-kernel", Path.Combine(Parts, "vmlinuz"), "-initrd", Path.Combine(Parts, "initrd"), "-append", "console=ttyS0 quiet panic=-1",
            "-drive", $"file={_folder!["app.ext4"]},if=virtio,format=raw,readonly=on",
            "-serial", $"file:{_folder["console"]}", "-serial", $"unix:{_folder["shell"]},server=on,wait=off",
            "-qmp", $"unix:{_folder["qmp"]},server=on,wait=off",
            // A process a connection: a plain forward takes one connection only.
            "-netdev", $"user,id=net0,restrict=on,guestfwd=tcp:10.0.2.100:{BrokerPort}-cmd:/bin/busybox nc 127.0.0.1 {_broker!.Port}",
            "-device", "virtio-net-pci,netdev=net0,id=nic0,romfile=", "-object", $"filter-dump,id=dump0,netdev=net0,file={Capture}",
        ];
        return Process.Start(new ProcessStartInfo("qemu-system-x86_64", arguments))!;
    }

    /// <summary>The disk of the board: edge-runtime with every library that it needs, a package, its key, and pictures.</summary>
    private void MakeDisk()
    {
        string disk = _folder!["disk"];
        string libraries = Directory.CreateDirectory(Path.Combine(disk, "lib")).FullName;
        foreach (string file in Directory.EnumerateFiles(Program).Where(file => !file.EndsWith(".dbg", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(disk, Path.GetFileName(file)));
        }
        IEnumerable<string> needed = Directory.EnumerateFiles(disk).Concat(Loaded.Select(name => $"/lib/x86_64-linux-gnu/{name}"));
        foreach (string library in needed.SelectMany(Libraries).Concat(Loaded.Select(name => $"/lib/x86_64-linux-gnu/{name}")).Distinct())
        {
            File.Copy(library, Path.Combine(libraries, Path.GetFileName(library)), overwrite: true);
        }
        File.Copy(_model!.Package, Path.Combine(disk, "brightness.edgepkg"));
        File.Copy(_model.Key, Path.Combine(disk, "maker.key.pub"));
        foreach ((string name, byte grey) in new (string, byte)[] { ("dark", 0), ("bright", 255) })
        {
            File.WriteAllBytes(Path.Combine(disk, $"{name}.jpg"), TestModel.Image(grey, ".jpg"));
        }
        Execute("/bin/sh", "-c", $"truncate -s 160M {_folder["app.ext4"]} && /sbin/mkfs.ext4 -q -F -O ^has_journal -d {disk} {_folder["app.ext4"]}");
    }

    /// <summary>The libraries that a program or library needs, as the system's own loader finds them.</summary>
    private static IEnumerable<string> Libraries(string file)
    {
        foreach (string line in Execute("/bin/sh", "-c", $"ldd {file} 2> /dev/null || true").Split('\n'))
        {
            string? path = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(part => part.StartsWith('/'));
            if (path is not null && !path.StartsWith(Program, StringComparison.Ordinal))
            {
                yield return path;
            }
        }
    }
}
