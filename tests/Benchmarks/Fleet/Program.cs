using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Edge.Fleet.Bench;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Fleet.Registry;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Service;
using Edge.Fleet.Setup;
using Edge.Fleet.Store;
using Edge.Packages;
using Edge.Testing;

// serve FOLDER: the server, in a process of its own so that its memory and time are its own.
if (args is ["serve", var served])
{
    using var server = new FleetServer(FleetFolder.Open(served), line => { }, TimeProvider.System);
    using var end = new CancellationTokenSource();
    _ = Task.Run(() =>
    {
        Console.In.ReadToEnd();
        end.Cancel();
    });
    server.Run(end.Token);
    return 0;
}

int[] sizes = [.. (args.Length > 0 ? args[0] : "1000,10000").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
var rows = new List<Dictionary<string, double>>();
foreach (int size in sizes)
{
    Dictionary<string, double> row = Measure(size);
    rows.Add(row);
    Console.WriteLine(string.Join("  ", row.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Key} {pair.Value:0.###}"))));
}
if (args.Length > 1)
{
    File.WriteAllText(args[1], JsonSerializer.Serialize(new { note = "devices share a few real connections to a real mosquitto", scale = rows }, new JsonSerializerOptions { WriteIndented = true }) + "\n");
}
return rows.TrueForAll(row => row["succeeded"] == row["simulatedDevices"]) ? 0 : 1;

static Dictionary<string, double> Measure(int devices)
{
    const int Connections = 16;
    using var folder = new TemporaryFolder();
    using MosquittoBroker broker = MosquittoBroker.StartNew("allow_anonymous true\nlog_type none\nmax_queued_messages 0\nmax_inflight_messages 1000");
    using SigningKey key = SigningKey.Generate();
    key.Save(folder["fleet.key"]);
    File.WriteAllText(folder["fleet.json"], $$"""{"broker":{"host":"127.0.0.1","port":{{broker.Port}}},"packageKeys":["fleet.key.pub"]}""");
    FleetFolder fleet = FleetFolder.Open(folder.Path);
    PublishedRelease release = Publish(folder, key);
    using FleetStore store = fleet.OpenStore();
    store.Save(new ReleaseRecord(release.Release, [.. release.Blobs.Keys], TimeProvider.System.GetUtcNow()));
    using Process server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["serve", folder.Path]) { RedirectStandardInput = true })!;
    using var simulated = new SimulatedFleet(broker.Port, devices, Connections);
    long start = Stopwatch.GetTimestamp();
    simulated.Appear(new string('a', 64));
    Until(() => store.Devices().Count(device => device.Reported is not null) == devices);
    double appeared = Stopwatch.GetElapsedTime(start).TotalSeconds;
    double cpuBefore = Cpu(server);
    long sentBefore = simulated.Sent;
    long rollout = Stopwatch.GetTimestamp();
    store.Post("bench", new FleetCommand
    {
        Verb = FleetCommand.Create,
        Plan = new RolloutPlan
        {
            Id = "bench",
            Package = "model",
            Manifest = release.Release.ManifestSha256,
            Devices = "all",
            Waves = WaveSpec.Parse("1,1%,20%,100%", devices),
            Gate = new GateSpec { SoakSeconds = 0, SuccessRatio = 1 },
            Trial = new TrialSpec { Seconds = 0 },
        },
    }, TimeProvider.System.GetUtcNow());
    Until(() => simulated.Running(2) == devices);
    // Reading the members of the whole fleet while the server works would measure the reader.
    Until(() => store.Rollouts()[0].Header.Status == RolloutStatus.Completed);
    double seconds = Stopwatch.GetElapsedTime(rollout).TotalSeconds;
    double cpu = Cpu(server) - cpuBefore;
    double memory = Memory(server, "VmRSS:");
    double peak = Memory(server, "VmHWM:");
    int succeeded = store.Rollouts()[0].Succeeded;
    server.StandardInput.Close();
    server.WaitForExit();
    return new Dictionary<string, double>
    {
        ["simulatedDevices"] = devices,
        ["connections"] = Connections,
        ["succeeded"] = succeeded,
        ["appearSeconds"] = appeared,
        ["rolloutSeconds"] = seconds,
        ["serverRssMB"] = memory,
        ["serverPeakRssMB"] = peak,
        ["serverCpuSeconds"] = cpu,
        ["serverCpuMicrosecondsPerDevice"] = cpu * 1e6 / devices,
        ["messagesToServer"] = simulated.Sent - sentBefore,
        ["messagesPerSecond"] = (simulated.Sent - sentBefore) / seconds,
    };
}

static PublishedRelease Publish(TemporaryFolder folder, SigningKey key)
{
    byte[] model = new byte[100_000];
    new Random(1).NextBytes(model);
    var manifest = new Manifest
    {
        Name = "model",
        Version = "2.0.0",
        Release = 2,
        Task = ModelTask.Classify,
        Input = new InputSpec { Width = 8, Height = 8, Channels = 1, ColorOrder = ColorOrder.Grey },
        Output = new OutputSpec { Family = OutputSpec.Classifier },
    };
    PackageWriter.Write(folder["r2.edgepkg"], manifest, [PackageContent.Model(model)], key);
    return PublishedRelease.Open(folder["r2.edgepkg"], PackageTrust.Keys(key.Public));
}

static void Until(Func<bool> condition)
{
    long start = Stopwatch.GetTimestamp();
    while (!condition())
    {
        if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(10))
        {
            throw new TimeoutException("the rollout does not come further");
        }
        Thread.Sleep(500);
    }
}

static double Cpu(Process process)
{
    process.Refresh();
    return process.TotalProcessorTime.TotalSeconds;
}

static double Memory(Process process, string field)
{
    string line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
    return Math.Round(double.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024 / 1e6, 1);
}
