using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Benchmarks.Fleet;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Foundation;

// A rollout in four waves over simulated devices and a real mosquitto, the server in a process of its own; then the same with the
// server killed again and again. Other parts of the fleet write their own fields into the same file: what is there stays.
if (args is ["serve", var served])
{
    return Serve(served);
}
int[] sizes = [1000, 10_000];
int kills = 20;
int killDevices = 10_000;
string? json = null;
for (int i = 0; i + 1 < args.Length + (args.Length % 2); i += 2)
{
    bool isGood = i + 1 < args.Length && args[i] switch
    {
        "--devices" => (sizes = [.. args[i + 1].Split(',').Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)]).All(size => size > 0),
        "--kills" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out kills),
        "--kill-devices" => int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out killDevices) && killDevices > 0,
        "--json" => (json = args[i + 1]).Length > 0,
        _ => false,
    };
    if (!isGood)
    {
        Console.Error.WriteLine("usage: bench-fleet [--devices N,N] [--kills N] [--kill-devices N] [--json FILE]");
        return ExitCode.BadInput;
    }
}
try
{
    List<ScaleResult> results = [];
    Console.WriteLine($"devices  connections  kills  registered  rollout s  RSS MB  peak MB  server CPU s  CPU ms/device  broker CPU s  to server  to devices  database MB");
    foreach (int size in sizes)
    {
        results.Add(Print(ScaleRun.Run(size, 0, 1)));
    }
    ScaleResult? killed = kills > 0 ? Print(ScaleRun.Run(killDevices, kills, 1)) : null;
    if (json is not null)
    {
        Write(json, results, killed);
    }
    return ExitCode.Success;
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return ExitCode.Failure;
}

static ScaleResult Print(ScaleResult result)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{result.Devices,7}  {result.Connections,11}  {result.Kills,5}  {result.RegisterSeconds,10:F1}  {result.RolloutSeconds,9:F1}  {result.ServerRssMB,6:F0}  {result.ServerPeakRssMB,7:F0}  {result.ServerCpuSeconds,12:F1}  {result.CpuMsPerDevice,13:F2}  {result.BrokerCpuSeconds,12:F1}  {result.MessagesToServer,9}  {result.MessagesToDevices,10}  {result.DatabaseMB,11:F1}"));
    return result;
}

static void Write(string path, List<ScaleResult> results, ScaleResult? killed)
{
    JsonObject report = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
    ScaleResult largest = results[^1];
    report["simulatedDevices"] = largest.Devices;
    report["simulatedConnections"] = largest.Connections;
    report["serverRssMB"] = Math.Round(largest.ServerRssMB, 1);
    report["rolloutSeconds"] = Math.Round(largest.RolloutSeconds, 1);
    report["serverCpuMsPerDevice"] = Math.Round(largest.CpuMsPerDevice, 3);
    report["scale"] = JsonSerializer.SerializeToNode(results, JsonSerializerOptions.Web);
    if (killed is not null)
    {
        report["serverKills"] = killed.Kills;
    }
    AtomicFile.WriteAllText(path, report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
}

static int Serve(string path)
{
    using var stop = new CancellationTokenSource();
    using PosixSignalRegistration term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
    {
        context.Cancel = true;
        stop.Cancel();
    });
    using var server = new FleetServer(FleetFolder.Open(path), _ => { }, TimeProvider.System);
    server.Run(stop.Token);
    return ExitCode.Success;
}
