using System.Diagnostics;

namespace Edge.VirtualBoard.Tests;

/// <summary>What a guest finds at /app: programs, and in /app/lib every library that they need.</summary>
internal sealed class GuestDisk
{
    private const string System = "/lib/x86_64-linux-gnu";

    private readonly string _folder;

    /// <summary>An empty disk.</summary>
    /// <param name="folder">Where its files are collected.</param>
    internal GuestDisk(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "lib"));
    }

    /// <summary>Adds files.</summary>
    /// <param name="files">Files of this machine.</param>
    /// <param name="to">The folder that they go to.</param>
    internal void Add(IEnumerable<string> files, string to = "")
    {
        foreach (string file in files)
        {
            string copy = Path.Combine(_folder, to, Path.GetFileName(file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Adds a folder with all that is in it.</summary>
    internal void AddFolder(string folder, string to)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            Add([file], Path.Combine(to, Path.GetDirectoryName(Path.GetRelativePath(folder, file))!));
        }
    }

    internal void Write(string name, byte[] content) => File.WriteAllBytes(Path.Combine(_folder, name), content);

    /// <summary>Adds the libraries that the files need, and some that they load by name, and makes the image.</summary>
    /// <param name="image">The file to make.</param>
    /// <param name="loaded">Libraries of this machine that are loaded by name.</param>
    internal void Make(string image, params IEnumerable<string> loaded)
    {
        List<string> named = [.. loaded.Select(name => Path.Combine(System, name))];
        IEnumerable<string> programs = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is "" or ".so");
        foreach (string library in programs.Concat(named).ToList().SelectMany(Libraries).Concat(named).Distinct())
        {
            File.Copy(library, Path.Combine(_folder, "lib", Path.GetFileName(library)), overwrite: true);
        }
        long bytes = Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length + 4096);
        Execute("/bin/sh", "-c", $"truncate -s {(bytes + (bytes / 8) + (16 << 20)) >> 12 << 12} {image} && /sbin/mkfs.ext4 -q -F -O ^has_journal -d {_folder} {image}");
    }

    internal static string Execute(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors.Result}");
        return output;
    }

    /// <summary>The libraries that a program or library needs, as the system's own loader finds them.</summary>
    private IEnumerable<string> Libraries(string file)
    {
        foreach (string line in Execute("/bin/sh", "-c", $"ldd {file} 2> /dev/null || true").Split('\n'))
        {
            string? path = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(part => part.StartsWith('/'));
            // What came along beside its program is found there.
            if (path is not null && path.StartsWith("/lib", StringComparison.Ordinal) && !path.StartsWith(_folder, StringComparison.Ordinal))
            {
                yield return path.TrimEnd(':');
            }
        }
    }
}
