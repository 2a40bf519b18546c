using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Fleet.Rollouts;
using Edge.Fleet.Store;

namespace Edge.Benchmarks.Fleet;

/// <summary>Brings a release to a whole simulated fleet in four waves.</summary>
internal static class ScaleRun
{
    private const string Id = "bench";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    internal static ScaleResult Run(int devices, int kills, int seed)
    {
        using var broker = new Broker();
        using var folder = new BenchFolder(broker.Port);
        using var server = new ServerProcess(folder.Path);
        server.Start();
        using FleetStore store = folder.Open();
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        using var fleet = new SimulatedFleet(broker.Port, devices, folder.PublicKey);
        Await(fleet, () => store.CountDevices() == devices, "the server to know every device");
        double registered = clock.Elapsed.TotalSeconds;

        clock.Restart();
        store.Post("bench", new FleetCommand { Verb = FleetCommand.Create, Plan = Plan() }, TimeProvider.System.GetUtcNow());
        int killed = 0;
        double next = random.NextDouble();
        Await(fleet, () =>
        {
            if (killed < kills && clock.Elapsed.TotalSeconds >= next)
            {
                server.Kill();
                server.Start();
                killed++;
                next = clock.Elapsed.TotalSeconds + 0.3 + random.NextDouble();
            }
            return store.StatusOf(Id) == RolloutStatus.Completed;
        }, "the rollout to complete");
        double rolledOut = clock.Elapsed.TotalSeconds;
        int updated = fleet.Running(2);
        if (updated != devices)
        {
            throw new BenchException($"the rollout is complete and {devices - updated} of {devices} devices do not run the release");
        }
        ProcessFigures figures = server.Figures;
        return new ScaleResult(
            devices, fleet.Connections, killed, registered, rolledOut, figures.RssMB, figures.PeakRssMB, figures.CpuSeconds + server.CpuSecondsOfTheDead,
            ProcessFigures.Of(broker.ProcessId).CpuSeconds, fleet.Published, fleet.Received, folder.DatabaseBytes / 1e6);
    }

    private static RolloutPlan Plan() => new()
    {
        Id = Id,
        Package = BenchFolder.Package,
        Manifest = BenchFolder.Manifest(2),
        Devices = "all",
        Waves = WaveSpec.Parse("1%,10%,50%,100%", 0),
        Gate = new GateSpec { SuccessRatio = 1, SoakSeconds = 0 },
        Trial = new TrialSpec { Seconds = 0 },
    };

    private static void Await(SimulatedFleet fleet, Func<bool> condition, string what)
    {
        using var pause = new ManualResetEventSlim();
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            fleet.Check();
            if (clock.Elapsed > Patience)
            {
                throw new BenchException($"waited {Patience.TotalMinutes} minutes in vain for {what}");
            }
            pause.Wait(TimeSpan.FromMilliseconds(100));
        }
    }
}
