using System.Text.Json;
using System.Text.Json.Nodes;
using Edge.Agent.Tests;
using Edge.Foundation;
using Edge.PowerCut;
using Edge.Testing;

namespace Edge.VirtualBoard.Tests;

/// <summary>
/// Power cuts, proven write by write: QEMU logs every request of a guest's disk while the update agent or the spool works on it.
/// Every state that the disk may have been in is then mounted here and started from. Minutes long, and only root may mount:
/// <c>make powercut</c>.
/// </summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const string Broken = "never syncs";
    private const long DiskBytes = 40 << 20;

    private static readonly string? Report = Environment.GetEnvironmentVariable("EDGE_POWERCUT_JSON");
    private static readonly int Seeds = int.TryParse(Environment.GetEnvironmentVariable("EDGE_POWERCUT_SEEDS"), out int seeds) ? seeds : 8;

    [Fact]
    public void PowerCut_AtEveryWriteOfUpdates_DeviceStartsAWholeReleaseAndFinishes()
    {
        SkipUnlessAsked();
        using var fleet = new TestFleet(isPlain: true);
        List<ProofResult> phases = Prove(fleet.Folder, fleet.Broker, (recorder, replay) => new UpdateProof(fleet, recorder, replay, Seeds).Run());
        Tell(phases, "crashPoints", "crashFailures", "droppedWrites", "brokenAgent");
    }

    [Fact]
    public void PowerCut_AtEveryWriteOfTheSpool_NoStoredEventIsLost()
    {
        SkipUnlessAsked();
        using var nothing = new TemporaryFolder();
        using MosquittoBroker broker = MosquittoBroker.StartNew();
        List<ProofResult> phases = Prove(nothing, broker, (recorder, replay) => new SpoolProof(broker, recorder, replay, Seeds).Run());
        Tell(phases, "spoolCrashPoints", "spoolCrashFailures", "spoolDroppedWrites", "brokenSpool");
    }

    private static void SkipUnlessAsked() => Assert.SkipUnless(VirtualMachine.IsPresent && Report is not null, "skipped: make powercut runs it");

    /// <summary>Starts a machine with a disk whose requests are logged, and proves something of what it does.</summary>
    /// <param name="files">What the machine has at /app/device.</param>
    /// <param name="broker">The broker that it reaches.</param>
    /// <param name="prove">The proof.</param>
    private List<ProofResult> Prove(TemporaryFolder files, MosquittoBroker broker, Func<Recorder, Replay, IEnumerable<ProofResult>> prove)
    {
        using var folder = new TemporaryFolder();
        string program = MakeProgram(folder, files);
        GuestDisk.Execute("/bin/sh", "-c", $"truncate -s {DiskBytes} {folder["data"]} && /sbin/mkfs.ext4 -q -F -b 4096 -J size=4 -E lazy_itable_init=0,lazy_journal_init=0 {folder["data"]} && truncate -s 2G {folder["log"]}");
        var image = new DiskImage(File.ReadAllBytes(folder["data"]));
        using var disk = new LoopDevice(folder["image"], DiskBytes);
        using var machine = new VirtualMachine(
            folder, program, 768,
            [
                .. VirtualMachine.Network(broker.Port, folder["packets"]),
                "-blockdev", $"driver=file,node-name=data0,filename={folder["data"]}", "-blockdev", $"driver=file,node-name=log0,filename={folder["log"]}",
                "-blockdev", "driver=blklogwrites,node-name=logged,file=data0,log=log0,log-sector-size=512,log-super-update-interval=1",
                "-device", "virtio-blk-pci,drive=logged,addr=0x10",
                "-blockdev", $"driver=file,node-name=log1,filename={folder["log"]},read-only=on,locking=off", "-device", "virtio-blk-pci,drive=log1,addr=0x11",
            ]);
        machine.Shell.Run($"mkdir {Recorder.Folder}");
        using var log = new WriteLog(folder["log"]);
        var recorder = new Recorder(command => RunLong(machine, command), log);
        var phases = new List<ProofResult>();
        foreach (ProofResult phase in prove(recorder, new Replay(image, disk, Directory.CreateDirectory(folder["mounted"]).FullName)))
        {
            output.WriteLine(JsonSerializer.Serialize(phase));
            phases.Add(phase);
        }
        return phases;
    }

    /// <summary>Runs a command during which something is said all the time, or the serial line would count as dead.</summary>
    private static string RunLong(VirtualMachine machine, string command)
    {
        machine.Shell.Run($"{{ {command}; }} > /tmp/said & process=$!; while kill -0 $process 2> /dev/null; do sleep 1; echo .; done");
        return machine.Shell.Run("cat /tmp/said");
    }

    private static void Tell(List<ProofResult> phases, string points, string failures, string dropped, string broken)
    {
        JsonObject report = File.Exists(Report) ? JsonNode.Parse(File.ReadAllText(Report))!.AsObject() : [];
        List<ProofResult> good = phases.FindAll(phase => !IsBroken(phase));
        List<ProofResult> bad = phases.FindAll(IsBroken);
        report[points] = good.Sum(phase => phase.CrashPoints);
        report[failures] = good.Sum(phase => phase.Failures);
        report[dropped] = good.Sum(phase => phase.DroppedWrites);
        report[$"{broken}CrashPoints"] = bad.Sum(phase => phase.CrashPoints);
        report[$"{broken}Caught"] = bad.Sum(phase => phase.Failures);
        report[$"{points}ByPhase"] = JsonSerializer.SerializeToNode(phases);
        AtomicFile.WriteAllText(Report!, report.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        Assert.All(good, phase => Assert.Null(phase.FirstFailure));
        Assert.True(good.Sum(phase => phase.CrashPoints) >= 1000);
        Assert.True(bad.Sum(phase => phase.Failures) > 0, "a program that never syncs is not noticed");
    }

    private static bool IsBroken(ProofResult phase) => phase.Name.Contains(Broken, StringComparison.Ordinal);

    /// <summary>The disk with tests/PowerCut, the .NET that runs here, and files.</summary>
    private static string MakeProgram(TemporaryFolder folder, TemporaryFolder files)
    {
        // …/Edge.VirtualBoard.Tests/CONFIGURATION and …/Edge.PowerCut/CONFIGURATION stand side by side.
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        string program = Path.Combine(own.Parent!.Parent!.FullName, "Edge.PowerCut", own.Name);
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string dotnet = Path.GetFullPath(Path.Combine(framework, "../../.."));
        var disk = new GuestDisk(folder["disk"]);
        disk.Add([Path.Combine(dotnet, "dotnet")], "dotnet");
        disk.AddFolder(Path.Combine(dotnet, "host"), "dotnet/host");
        disk.AddFolder(framework, Path.Combine("dotnet", Path.GetRelativePath(dotnet, framework)));
        disk.Add(Directory.EnumerateFiles(program), "powercut");
        disk.AddFolder(Path.Combine(program, "runtimes", "linux-x64"), "powercut/runtimes/linux-x64");
        disk.AddFolder(files.Path, "device");
        string library = folder["crash.so"];
        GuestDisk.Execute("gcc", "-shared", "-fPIC", "-O1", "-w", "-o", library, Path.Combine(Repository.Root, "tests", "Edge.Agent.Tests", "crash.c"), "-ldl", "-lpthread");
        disk.Add([library], "powercut");
        disk.Make(folder["program"], "libmosquitto.so.1", "libssl.so.3", "libcrypto.so.3", "libsqlite3.so.0", "libstdc++.so.6", "libgcc_s.so.1");
        return folder["program"];
    }
}
