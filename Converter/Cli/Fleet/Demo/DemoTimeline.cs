using System.Globalization;
using System.Text.Json.Nodes;
using Edge.Fleet.Protocol;
using Edge.Reports;

namespace Edge.Cli.Fleet.Demo;

/// <summary>What devices said and when, as a page.</summary>
internal sealed class DemoTimeline
{
    private readonly SortedDictionary<string, List<(double Time, string State)>> _lanes = new(StringComparer.Ordinal);
    private readonly List<(double Time, string Text)> _story = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();

    internal double Now => TimeProvider.System.GetElapsedTime(_start).TotalSeconds;

    internal void Tell(string text)
    {
        lock (_story)
        {
            _story.Add((Now, text));
        }
    }

    /// <summary>Notes what a device says of its package.</summary>
    internal void Note(string device, PackageReport report) => Note(device, report.Phase switch
    {
        UpdatePhase.Downloading or UpdatePhase.Verifying or UpdatePhase.Staged => "fetching",
        UpdatePhase.Trial => "trial",
        UpdatePhase.Failed or UpdatePhase.RolledBack => "refused",
        _ => $"release {report.Running?.Release}",
    });

    internal void Note(string device, string state)
    {
        lock (_lanes)
        {
            if (!_lanes.TryGetValue(device, out List<(double, string State)>? lane))
            {
                _lanes.Add(device, lane = []);
            }
            if (lane.Count == 0 || lane[^1].State != state)
            {
                lane.Add((Now, state));
            }
        }
    }

    /// <summary>Writes the page.</summary>
    internal void Write(string path, IReadOnlyList<Tile> tiles)
    {
        var report = new HtmlReport("A fleet, from release to release", "Broker, server and every edge-runtime are real processes on one machine, joined by TLS with a certificate each.");
        report.Tiles(tiles).Section("Devices over time", "Each row is a device, time in seconds. Grey: release 1. Blue: fetching. Yellow: trial. Green: release 2. Red: refused. Black: without power.").Chart(Chart(), 60 + (_lanes.Count * 22));
        report.Section("The story").Table(["what happened", "second"], _story.Select(line => (string[])[line.Text, line.Time.ToString("F1", CultureInfo.InvariantCulture)]));
        report.Save(path);
    }

    private JsonObject Chart()
    {
        string[] names = [.. _lanes.Keys];
        int longest = _lanes.Values.Max(lane => lane.Count);
        double end = Now;
        var series = new JsonArray();
        for (int i = 0; i < longest; i++)
        {
            var data = new JsonArray();
            foreach (string name in names)
            {
                List<(double Time, string State)> lane = _lanes[name];
                // The first segment begins at zero, so that segments stack up to the time at which each ends.
                double from = i == 0 ? 0 : i < lane.Count ? lane[i].Time : end;
                double to = i + 1 < lane.Count ? lane[i + 1].Time : end;
                string state = i < lane.Count ? lane[i].State : "";
                data.Add(new JsonObject { ["value"] = Math.Round(to - from, 2), ["name"] = state, ["itemStyle"] = new JsonObject { ["color"] = Colour(state) } });
            }
            series.Add(new JsonObject { ["type"] = "bar", ["stack"] = "time", ["data"] = data, ["barWidth"] = "70%" });
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["formatter"] = "{b}: {c} s" },
            ["grid"] = new JsonObject { ["left"] = 90, ["right"] = 20, ["top"] = 10, ["bottom"] = 30 },
            ["xAxis"] = new JsonObject { ["type"] = "value", ["max"] = Math.Ceiling(end) },
            ["yAxis"] = new JsonObject { ["type"] = "category", ["inverse"] = true, ["data"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) },
            ["series"] = series,
        };
    }

    private static string Colour(string state) => state switch
    {
        "release 1" => "#b8c4d6",
        "release 2" => "#3a9d5d",
        "fetching" => "#2f6fde",
        "trial" => "#e0b339",
        "refused" => "#d1495b",
        "power cut" => "#111111",
        _ => "#eeeeee",
    };
}
