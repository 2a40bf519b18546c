using System.Globalization;

namespace Edge.PowerCut;

/// <summary>Runs programs in a virtual machine, on a disk whose every request is logged.</summary>
/// <param name="shell">Runs a command in the machine, however long it takes; gets its output.</param>
/// <param name="log">The log, on this machine.</param>
internal sealed class Recorder(Func<string, string> shell, WriteLog log)
{
    /// <summary>Where the disk is mounted meanwhile.</summary>
    internal const string Folder = "/data";

    /// <summary>This project's files in the machine.</summary>
    internal const string Programs = "/app/powercut";

    /// <summary>Where programs in the machine find the broker of this machine.</summary>
    internal const string Broker = "10.0.2.100 1883";

    /// <summary>Runs a command in the machine.</summary>
    internal string Shell(string command) => shell(command);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">A program of this project and its arguments.</param>
    /// <param name="syncs">False for a program that is broken on purpose: it never syncs a file.</param>
    /// <returns>Each line that it printed with the number of requests that had reached the disk, and the requests.</returns>
    internal (List<(string Text, int Made)> Lines, List<LoggedWrite> Writes) Run(string program, bool syncs = true)
    {
        long first = log.Count();
        string environment = syncs ? "" : $"LD_PRELOAD={Programs}/crash.so EDGE_CRASH_NO_SYNC=1 ";
        string said = shell($"{environment}/app/dotnet/dotnet {Programs}/Edge.PowerCut.dll record /dev/vdb /dev/vdc {Folder} {Programs}/{program} 2> /tmp/errors < /dev/null || [ $? = 3 ] || cat /tmp/errors");
        var lines = new List<(string, int)>();
        foreach (string line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            Assert.True(space > 0 && long.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out _), said);
            lines.Add((line[(space + 1)..], (int)(long.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture) - first)));
        }
        return (lines, log.Read());
    }
}
