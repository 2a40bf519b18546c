using System.Globalization;
using Edge.Agent;
using Edge.Fleet.Protocol;
using Edge.Mqtt;
using Edge.Packages;

// child [HOST] PORT FOLDER: follows edge/dut/update/desired with packages in FOLDER; ends with 0 once the release of the file "goal" is kept.
// The release of the file "bad", where there is one, is complained about while it is tried.
string host = args.Length > 2 ? args[0] : "127.0.0.1";
int port = int.Parse(args[^2], CultureInfo.InvariantCulture);
string folder = args[^1];
long goal = long.Parse(File.ReadAllText(Path.Combine(folder, "goal")), CultureInfo.InvariantCulture);
var options = new AgentOptions
{
    Root = "edge",
    Device = "dut",
    Folder = Path.Combine(folder, "updates"),
    PackageKeys = [Path.Combine(folder, "maker.key.pub")],
    FleetKeys = [Path.Combine(folder, "fleet.key.pub")],
    RuntimeVersion = "1.0.0",
    MaximumStarts = int.MaxValue,
    ReportInterval = TimeSpan.FromMilliseconds(50),
};
PackageTrust trust = PackageTrust.Load(options.PackageKeys[0]);
// Every change of the state is logged after it is on the disk; the first look needs none.
using var changed = new AutoResetEvent(true);
using var agent = new UpdateAgent(options, new Host(trust, Path.Combine(folder, "bad")), line =>
{
    Console.Error.WriteLine(line);
    changed.Set();
});
string path = agent.Register("model", Path.Combine(folder, "factory.edgepkg"));
// What a device starts with must be whole, whatever happened before.
Package started = Package.Open(path, trust);
Console.Out.WriteLine($"started {started.Manifest.Release}");
using var client = new MqttClient(new MqttClientOptions
{
    Host = host,
    Port = port,
    ClientId = "dut",
    BackoffMinimum = TimeSpan.FromMilliseconds(20),
    BackoffMaximum = TimeSpan.FromMilliseconds(100),
    Tls = !File.Exists(Path.Combine(folder, "ca.crt")) ? null : new MqttTlsOptions { CaFile = Path.Combine(folder, "ca.crt"), CertificateFile = Path.Combine(folder, "device.crt"), KeyFile = Path.Combine(folder, "device.key") },
});
agent.Attach(client);
client.Start();
agent.Start();
while (true)
{
    changed.WaitOne();
    PackageReport report = agent.Report().Packages[0];
    if (report.Phase == UpdatePhase.Committed && report.Running?.Release == goal)
    {
        Console.Out.WriteLine($"kept {goal}");
        break;
    }
    if (report is { Phase: UpdatePhase.Failed or UpdatePhase.RolledBack } && report.Target?.Release == goal)
    {
        Console.Out.WriteLine($"failed {report.Error}");
        return 3;
    }
}
return 0;

internal sealed class Host(PackageTrust trust, string bad) : IModelHost
{
    private readonly long _bad = File.Exists(bad) ? long.Parse(File.ReadAllText(bad), CultureInfo.InvariantCulture) : 0;
    private long _used;

    public void Rehearse(string name, string path, TrialSpec trial) => Package.Open(path, trust);

    public void Use(string name, string? path) => _used = path is null ? 0 : Package.Open(path, trust).Manifest.Release;

    public string? Complaint(string name, TrialSpec trial) => _used != 0 && _used == _bad ? "it answers wrongly" : null;
}
