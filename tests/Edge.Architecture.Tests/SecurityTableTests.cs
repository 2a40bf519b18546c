using System.Text.RegularExpressions;
using Edge.Testing;

namespace Edge.Architecture.Tests;

/// <summary>Every row of the threat table names the test that guards it, and the test is there.</summary>
public sealed partial class SecurityTableTests
{
    private static readonly string[] Rows =
        [.. File.ReadLines(Path.Combine(Repository.Root, "firmware-docs", "security.md")).Where(line => line.StartsWith('|')).Skip(2)];

    [Fact]
    public void Table_EveryThreat_NamesATestThatExists()
    {
        Dictionary<string, string> sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetFileNameWithoutExtension(file), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => string.Concat(group.Select(File.ReadAllText)), StringComparer.Ordinal);
        Assert.True(Rows.Length > 20, $"only {Rows.Length} rows");
        foreach (string row in Rows)
        {
            string[] cells = row.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            Match[] tests = [.. TestName().Matches(cells[^1]).Cast<Match>()];
            Assert.True(cells.Length == 3 && tests.Length > 0, $"names no test: {row}");
            foreach (Match test in tests)
            {
                string source = sources.GetValueOrDefault(test.Groups[1].Value, "");
                // A public method of a test class that is no test does not pass the analyzers.
                Assert.True(Regex.IsMatch(source, $@"public (async )?(void|Task) {test.Groups[2].Value}\("), $"there is no test {test.Value}: {row}");
            }
        }
    }

    [GeneratedRegex(@"`(\w+Tests)\.(\w+)`")]
    private static partial Regex TestName();
}
