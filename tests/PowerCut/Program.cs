using System.Diagnostics;
using System.Globalization;
using Edge.Foundation;
using Edge.PowerCut;
using Edge.Testing;

// What runs in the virtual machine.
// powercut record DISK LOG FOLDER PROGRAM ARGUMENTS…: mounts DISK at FOLDER, runs a .NET program on it, and prints behind every line of
// the program how many requests had reached LOG, the disk's write log.
// powercut store FOLDER EVENTS [HOST PORT]: the program with a spool.
switch (args)
{
    case ["record", var disk, var device, var folder, ..]:
        return Record(disk, device, folder, args[4..]);
    case ["store", var folder, var events]:
        return SpoolProgram.Run(folder, int.Parse(events, CultureInfo.InvariantCulture), null, 0);
    case ["store", var folder, var events, var host, var port]:
        return SpoolProgram.Run(folder, int.Parse(events, CultureInfo.InvariantCulture), host, int.Parse(port, CultureInfo.InvariantCulture));
    default:
        Console.Error.WriteLine("usage: powercut record DISK LOG FOLDER PROGRAM ARGUMENTS… | store FOLDER EVENTS [HOST PORT]");
        return ExitCode.BadInput;
}

static int Record(string disk, string device, string folder, string[] program)
{
    using var log = new WriteLog(device);
    // Without what ext4 does for programs that forget to sync; other file systems do not.
    Native.Mount(disk, folder, "noauto_da_alloc,commit=1");
    using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, program) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    while (process.StandardOutput.ReadLine() is { } line)
    {
        Console.Out.WriteLine($"{log.Count()} {line}");
        try
        {
            // It goes on now that its writes are counted, unless it does not look.
            process.StandardInput.WriteLine();
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            Debug.Assert(process.WaitForExit(TimeSpan.FromSeconds(30)), "only a program that has ended closes its input");
        }
    }
    process.WaitForExit();
    if (Environment.GetEnvironmentVariable("EDGE_CRASH_NO_SYNC") is not null)
    {
        // Names reach the disk within the second of "commit", contents much later: a program that syncs leaves neither to chance.
        long end = log.Count();
        Wait.Until(() => log.Count() > end, TimeSpan.FromSeconds(30), () => "the kernel does not write by itself");
    }
    Native.Unmount(folder);
    return process.ExitCode;
}
