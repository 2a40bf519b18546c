using System.Text.RegularExpressions;
using Edge.Testing;

namespace Edge.Architecture.Tests;

/// <summary>What must hold for every file of the repository.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string[] SourceEndings = [".cs", ".cpp", ".h", ".proto", ".sh", ".js", ".css", ".py"];

    [Fact]
    public void LockFiles_Registries_AreNotNamed()
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "eng"), "*.json"))
        {
            Assert.DoesNotContain("\"resolved\"", File.ReadAllText(file), StringComparison.Ordinal);
            Assert.DoesNotMatch(Address(), File.ReadAllText(file));
        }
    }

    [Fact]
    public void SourceFiles_Length_IsAtMostEightHundredLines()
    {
        Assert.All(Sources(), file => Assert.True(File.ReadLines(file).Count() <= 800, $"{file} is longer than 800 lines: split it"));
    }

    [Fact]
    public void SourceFiles_Work_IsNotLeftOpen() => Assert.All(Sources(), file => Assert.DoesNotMatch(OpenWork(), File.ReadAllText(file)));

    private static IEnumerable<string> Sources() =>
        new[] { "Converter", "Quantizer", "Runtime", "Device", "Fleet", "eng" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => SourceEndings.Contains(Path.GetExtension(file)));

    [GeneratedRegex(@"https?://(?!dot\.net)[a-z0-9.-]*(registry|nuget|npm|mirror)", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex OpenWork();
}
