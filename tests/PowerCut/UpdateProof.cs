using Edge.Agent.Tests;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;

namespace Edge.PowerCut;

/// <summary>
/// The update agent on a disk whose every write is known. After a power cut at any of them the device must start with one whole,
/// verified release, with the new one if it was kept already, and must finish what was asked for.
/// </summary>
/// <param name="fleet">The broker, the keys, and the package that the device was delivered with; not owned.</param>
/// <param name="recorder">The machine with the device; it has the fleet's folder of now at /app/device.</param>
/// <param name="replay">Judges.</param>
/// <param name="seeds">How many ways to lose pages by chance are tried at each write.</param>
internal sealed class UpdateProof(TestFleet fleet, Recorder recorder, Replay replay, int seeds)
{
    private const string Device = "/tmp/device";

    /// <summary>Plays every phase of a device's life.</summary>
    internal IEnumerable<ProofResult> Run()
    {
        recorder.Shell($"mkdir {Device} && cp /app/device/* {Device} && ln -s {Recorder.Folder} {Device}/updates");
        yield return Play("first update", before: 1, asked: 2);
        yield return Play("update", before: 2, asked: 3);
        yield return Play("update that is taken back", before: 3, asked: 4, isBad: true);
        yield return Play("update to the other slot", before: 3, asked: 5);
        yield return Play("update of an agent that never syncs", before: 5, asked: 6, syncs: false);
    }

    private ProofResult Play(string name, long before, long asked, bool isBad = false, bool syncs = true)
    {
        Ask(asked).GetAwaiter().GetResult();
        recorder.Shell($"echo {asked} > {Device}/goal; echo {(isBad ? asked : 0)} > {Device}/bad");
        (List<(string Text, int Made)> lines, List<LoggedWrite> writes) = recorder.Run($"Edge.Agent.Child.dll {Recorder.Broker} {Device}", syncs);
        // The last line says that the new release is kept, or that it was taken back.
        string end = isBad ? "failed" : $"kept {asked}";
        Assert.True(lines.Count > 0 && lines[^1].Text.StartsWith(end, StringComparison.Ordinal), string.Join(' ', lines));
        int settled = lines[^1].Made;
        long after = isBad ? before : asked;
        return replay.Play(
            name, writes, syncs ? seeds : 0,
            (folder, made) =>
            {
                using var device = new TestDevice(
                    fleet, fleet.Options() with { Folder = folder, MaximumStarts = int.MaxValue }, isConnected: syncs,
                    complaints: release => isBad && release == asked ? "it answers wrongly" : null);
                if (made >= settled ? device.Started != after : device.Started != before && device.Started != asked)
                {
                    return $"starts with release {device.Started}";
                }
                if (syncs)
                {
                    device.WaitFor(isBad ? UpdatePhase.RolledBack : UpdatePhase.Committed, after);
                }
                return null;
            },
            stopsEarly: syncs);
    }

    private async Task Ask(long release)
    {
        PublishedRelease published = await fleet.PublishAsync(fleet.Write(release));
        fleet.Ask(fleet.State(published.Release));
    }
}
