using System.Diagnostics;

namespace Edge.PowerCut;

/// <summary>A file that is a disk. Only root may make one.</summary>
internal sealed class LoopDevice : IDisposable
{
    /// <summary>Makes a disk of zeros.</summary>
    /// <exception cref="IOException">This process may not, or losetup is not installed.</exception>
    internal LoopDevice(string file, long bytes)
    {
        File = file;
        using (FileStream stream = System.IO.File.Create(file))
        {
            stream.SetLength(bytes);
        }
        Device = SetUp("--find", "--show", file);
    }

    internal string File { get; }

    internal string Device { get; }

    public void Dispose() => SetUp("--detach", Device);

    private static string SetUp(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("/sbin/losetup", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        string output = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException(errors.Trim());
    }
}
