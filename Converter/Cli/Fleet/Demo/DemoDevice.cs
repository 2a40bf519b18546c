using System.Diagnostics;
using System.Text.Json;
using Edge.Cli.Terminal;
using Edge.Fleet.Setup;

namespace Edge.Cli.Fleet.Demo;

/// <summary>A real edge-runtime with its own certificate, folder and configuration.</summary>
internal sealed class DemoDevice : IDisposable
{
    private readonly string _program;
    private readonly string _folder;
    private Process? _process;

    internal DemoDevice(FleetFolder fleet, string name, string package, string pictures, string program)
    {
        (Name, _program) = (name, program);
        _folder = FleetInit.Enroll(fleet, name, TimeProvider.System.GetUtcNow());
        File.Copy(package, Path.Combine(_folder, "factory.edgepkg"));
        var config = new
        {
            device = name,
            broker = new { host = fleet.Config.Broker.Host, port = fleet.Config.Broker.Port, clientId = name, tls = new { caFile = "ca.crt", certificateFile = "device.crt", keyFile = "device.key" } },
            trustedKeys = (string[])["package-1.pub"],
            threads = 1,
            health = new { intervalSeconds = 1 },
            update = new { folder = "updates", fleetKeys = (string[])["fleet.key.pub"] },
            pipelines = (object[])[new { name = "door", package = "factory.edgepkg", publish = "change", workers = 1, source = new { type = "folder", path = pictures, loop = true, framesPerSecond = 5 } }],
        };
        File.WriteAllText(Path.Combine(_folder, "edge-runtime.json"), JsonSerializer.Serialize(config, Json.Options));
    }

    internal string Name { get; }

    internal void Start()
    {
        var start = new ProcessStartInfo(_program, ["run", "--config", Path.Combine(_folder, "edge-runtime.json")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        _process = Process.Start(start)!;
        StreamWriter log = File.AppendText(Path.Combine(_folder, "log.txt"));
        _process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is null)
            {
                log.Dispose();
            }
            else
            {
                log.WriteLine(e.Data);
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Ends it at once, without a farewell.</summary>
    internal void Cut()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Cut();
        }
    }
}
