using System.Diagnostics;
using Edge.Testing;

namespace Edge.Torch.Tests;

/// <summary>
/// A second process runs this very program's tests (one of them) from a copy whose shim is damaged: the reason must be one clear line.
/// </summary>
public sealed class MissingLibraryTests
{
    [Fact]
    public void Version_ShimMissing_SaysHowToBuildIt() =>
        Assert.Contains("libedge_torch.so is missing: build it with make", RunWith(File.Delete), StringComparison.Ordinal);

    [Fact]
    public void Version_LibtorchMissing_SaysHowToInstallIt()
    {
        string output = RunWith(path =>
        {
            // The name of the needed library, replaced by one that does not exist, in the string table of the copy.
            byte[] bytes = File.ReadAllBytes(path);
            int at = bytes.AsSpan().IndexOf("libtorch_cpu.so"u8);
            Assert.True(at > 0);
            "libtorch_gone.so"u8[..12].CopyTo(bytes.AsSpan(at));
            File.WriteAllBytes(path, bytes);
        });
        Assert.Contains("libtorch is not installed: apt-get install libtorch-dev, or set LIBTORCH", output, StringComparison.Ordinal);
    }

    private static string RunWith(Action<string> damage)
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, folder[Path.GetFileName(file)]);
        }
        damage(folder["libedge_torch.so"]);
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { folder["Edge.Torch.Tests.dll"], "-method", "*Version_IsLibtorchs" },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.NotEqual(0, process.ExitCode);
        return output + errors.GetAwaiter().GetResult();
    }
}
