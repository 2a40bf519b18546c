using System.Diagnostics;
using Edge.Fleet.Protocol;
using Edge.Fleet.Publishing;
using Edge.Testing;

namespace Edge.Agent.Tests;

/// <summary>
/// The agent is ended at every change that it makes to the disk, and the disk is cut between them. EDGE_CHAOS=1 goes through all of
/// it; otherwise some points stand for the rest.
/// </summary>
public sealed class CrashTests : IDisposable
{
    private readonly ITestOutputHelper _output;
    private readonly TestFleet _fleet = new();
    private readonly string _before;

    public CrashTests(ITestOutputHelper output)
    {
        _output = output;
        // The device has kept release 2 and is asked for release 3.
        string device = Directory.CreateDirectory(_fleet.Folder["device"]).FullName;
        Copy(_fleet.Folder.Path, device, "*.pub");
        Copy(_fleet.Folder.Path, device, "ca.crt");
        Copy(_fleet.Folder.Path, device, "device.*");
        Copy(_fleet.Folder.Path, device, "factory.edgepkg");
        Directory.CreateDirectory(Path.Combine(device, "updates", TestFleet.Package));
        AskAsync(2).GetAwaiter().GetResult();
        (string text, bool ended, string errors) = ChildDevice.Run(_fleet, device, goal: 2);
        Assert.True(ended, errors);
        Assert.Contains("kept 2", text, StringComparison.Ordinal);
        _before = device;
        AskAsync(3).GetAwaiter().GetResult();
    }

    [Fact]
    public void Kill_AtEveryChangeOfTheDisk_DeviceStartsAndFinishes()
    {
        Assert.SkipUnless(ChildDevice.CanCount, "skipped: gcc is not installed");
        int changes = Record(out _).Count;
        Assert.True(changes > 30, $"only {changes} changes");
        int step = Figures.IsFull ? 1 : Math.Max(1, changes / 8);
        int points = 0;
        var failures = new List<string>();
        for (int at = 0; at < changes; at += step, points++)
        {
            string device = Fresh();
            (_, bool ended, _) = ChildDevice.Run(_fleet, device, goal: 3, crashAt: at);
            Judge(device, $"change {at}, {(ended ? "not killed" : "killed")}", failures);
        }
        Figures.Tell(_output, ("killPoints", points), ("killPointFailures", failures.Count));
        Assert.Empty(failures);
    }

    [Fact]
    public void Kill_AtRandomMoments_DeviceStartsAndFinishes()
    {
        int runs = Figures.IsFull ? 500 : 6;
        long start = Stopwatch.GetTimestamp();
        ChildDevice.Run(_fleet, Fresh(), goal: 3);
        double length = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        int seed = Environment.TickCount;
        var random = new Random(seed);
        var failures = new List<string>();
        for (int i = 0; i < runs; i++)
        {
            string device = Fresh();
            TimeSpan moment = TimeSpan.FromMilliseconds(random.NextDouble() * length);
            ChildDevice.Run(_fleet, device, goal: 3, killAfter: moment);
            Judge(device, $"after {moment.TotalMilliseconds:0} ms (seed {seed})", failures);
        }
        Figures.Tell(_output, ("killRuns", runs), ("killFailures", failures.Count));
        Assert.Empty(failures);
    }

    [Fact]
    public void PowerCut_BetweenAnyTwoChanges_DeviceStartsAWholeReleaseAndFinishes()
    {
        Assert.SkipUnless(ChildDevice.CanCount, "skipped: gcc is not installed");
        DiskLog log = Record(out string folder);
        var failures = new List<string>();
        int points = 0;
        int finished = 0;
        int seeds = Figures.IsFull ? 30 : 12;
        for (int cut = 0; cut <= log.Count; cut++)
        {
            foreach ((DiskLog.Left left, int seed) in Variants(seeds))
            {
                points++;
                bool finish = points % (Figures.IsFull ? 25 : 150) == 0;
                finished += finish ? 1 : 0;
                if (Boot(log, folder, cut, left, seed, obeySync: true, finish) is { } failure)
                {
                    failures.Add(failure);
                }
            }
        }
        _output.WriteLine($"{log.Count} changes, {points} crash points, {finished} of them finished the update, {failures.Count} failures");
        Figures.Tell(_output, ("crashPoints", points), ("crashFailures", failures.Count));
        Assert.Empty(failures);
        Assert.True(points >= 1000);
    }

    [Fact]
    public void PowerCut_OfAnAgentThatNeverSyncs_IsCaught()
    {
        Assert.SkipUnless(ChildDevice.CanCount, "skipped: gcc is not installed");
        DiskLog log = Record(out string folder);
        int caught = 0;
        for (int cut = 0; cut <= log.Count; cut++)
        {
            caught += Boot(log, folder, cut, DiskLog.Left.NamesOnly, 0, obeySync: false, finish: false) is null ? 0 : 1;
        }
        _output.WriteLine($"{caught} of {log.Count + 1} crash points catch it");
        Assert.True(caught > 0);
    }

    public void Dispose() => _fleet.Dispose();

    private static IEnumerable<(DiskLog.Left Left, int Seed)> Variants(int seeds)
    {
        yield return (DiskLog.Left.Everything, 0);
        yield return (DiskLog.Left.Nothing, 0);
        yield return (DiskLog.Left.NamesOnly, 0);
        yield return (DiskLog.Left.BytesOnly, 0);
        for (int seed = 0; seed < seeds; seed++)
        {
            yield return (DiskLog.Left.SomeBytes, seed);
        }
    }

    /// <summary>Starts a device on what the disk holds.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    private string? Boot(DiskLog log, string folder, int cut, DiskLog.Left left, int seed, bool obeySync, bool finish)
    {
        using var disk = new TemporaryFolder();
        log.Restore(disk.Path, cut, left, seed, obeySync);
        string where = $"cut {cut} of {log.Count}, {left} {seed}";
        try
        {
            var device = new TestDevice(_fleet, _fleet.Options() with { Folder = disk.Path, MaximumStarts = int.MaxValue }, isConnected: finish);
            using (device)
            {
                if (device.Loaded is not (2 or 3))
                {
                    return $"{where}: release {device.Loaded} starts, 2 was kept";
                }
                if (finish)
                {
                    device.WaitFor(UpdatePhase.Committed, 3);
                }
            }
            return null;
        }
        catch (Exception e) when (e is Foundation.InputException or IOException)
        {
            return $"{where}: {e.Message}";
        }
    }

    /// <summary>Runs the whole update once and writes its changes down.</summary>
    private DiskLog Record(out string folder)
    {
        string device = Fresh();
        folder = Path.Combine(device, "updates");
        Dictionary<string, byte[]> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllBytes, StringComparer.Ordinal);
        string log = _fleet.Folder[$"{Guid.NewGuid():N}.log"];
        (string text, _, string errors) = ChildDevice.Run(_fleet, device, goal: 3, log: log);
        Assert.True(text.Contains("kept 3", StringComparison.Ordinal), errors);
        return new DiskLog(log, folder, files);
    }

    private void Judge(string device, string when, List<string> failures)
    {
        (string text, bool ended, string errors) = ChildDevice.Run(_fleet, device, goal: 3);
        bool good = ended && text.Contains("kept 3", StringComparison.Ordinal) && (text.StartsWith("started 2", StringComparison.Ordinal) || text.StartsWith("started 3", StringComparison.Ordinal));
        string slot = Path.Combine(device, "updates", TestFleet.Package, "b.edgepkg");
        good = good && File.Exists(slot) && File.ReadAllBytes(slot).AsSpan().SequenceEqual(File.ReadAllBytes(_fleet.Folder["r3.edgepkg"]));
        if (!good)
        {
            failures.Add($"{when}: {text} {errors}");
        }
    }

    private string Fresh()
    {
        string device = _fleet.Folder[$"device-{Guid.NewGuid():N}"];
        foreach (string file in Directory.EnumerateFiles(_before, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(device, Path.GetRelativePath(_before, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return device;
    }

    private async Task AskAsync(long release)
    {
        PublishedRelease published = await _fleet.PublishAsync(_fleet.Write(release));
        _fleet.Ask(_fleet.State(published.Release));
    }

    private static void Copy(string from, string to, string pattern)
    {
        foreach (string file in Directory.EnumerateFiles(from, pattern))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
