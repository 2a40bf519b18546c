using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Edge.Testing;

namespace Edge.Cli.Tests.Analysis;

/// <summary>The drawn graph in a real browser.</summary>
public sealed partial class GraphPageTests
{
    private const string Browser = "/usr/bin/chromium";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Html_TwoThousandNodes_AreDrawnSearchedAndExplained()
    {
        using var folder = new TemporaryFolder();
        GeneratedModels.Large(2000).Save(folder["large.onnx"]);
        CommandResult result = await EdgeCommand.RunAsync("inspect", folder["large.onnx"], "--html", folder["large.html"]);
        Assert.True(result.ExitCode == 0, result.Error);
        string page = File.ReadAllText(folder["large.html"]);
        Assert.DoesNotContain("http://", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);

        // The address opens node 500 of the first graph; another searches.
        string chosen = await OpenAsync(folder, "#0.500");
        Assert.Matches("<aside[^>]*>.*<h2>[A-Z][a-z]+</h2>.*<h3>outputs</h3>", chosen);
        Assert.Contains("<svg", await OpenAsync(folder, "#0.1"), StringComparison.Ordinal);
        int convolutions = Graph.OnnxModel.Load(folder["large.onnx"]).Graph.Nodes.Count(node => node.OpType == "Conv");
        Match hits = Hits().Match(await OpenAsync(folder, "#?conv"));
        Assert.Equal(convolutions, int.Parse(hits.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
    }

    private static async Task<string> OpenAsync(TemporaryFolder folder, string place)
    {
        if (!File.Exists(Browser))
        {
            Assert.Skip("skipped: chromium is not installed");
        }
        string[] flags =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", $"--user-data-dir={folder["profile"]}", "--window-size=1400,900", "--virtual-time-budget=2000", "--dump-dom",
        ];
        var start = new ProcessStartInfo(Browser, [.. flags, $"file://{folder["large.html"]}{place}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        string dom = await process.StandardOutput.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        await errors;
        // What the script was given is not what it made.
        return Data().Replace(dom, "");
    }

    [GeneratedRegex("<script.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("<span id=\"hits\">([0-9]+) hits</span>")]
    private static partial Regex Hits();
}
