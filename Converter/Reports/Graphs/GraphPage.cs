using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Edge.Foundation;

namespace Edge.Reports.Graphs;

/// <summary>
/// Graphs as one HTML file that needs nothing else: drawn in layers, with search, a map, and a panel that tells of the node
/// that is clicked. Everything given to it is text; it is escaped here.
/// </summary>
/// <param name="title">The headline.</param>
/// <param name="subtitle">One line beside it.</param>
/// <param name="overview">What the panel shows while no node is chosen.</param>
/// <param name="drawings">The graphs, the first shown first.</param>
public sealed class GraphPage(string title, string subtitle, IReadOnlyList<DetailSection> overview, IReadOnlyList<GraphDrawing> drawings)
{
    private const double CharacterWidth = 7.3;
    private const double SmallCharacterWidth = 6;
    private const int LongestLine = 30;

    /// <summary>The whole page.</summary>
    public string Render()
    {
        var data = new JsonObject
        {
            ["overview"] = Sections(overview),
            ["kinds"] = new JsonArray([.. Enum.GetNames<NodeKind>().Select(name => JsonValue.Create(name.ToLowerInvariant()))]),
            ["graphs"] = new JsonArray([.. drawings.Select(Drawing)]),
        };
        var page = new StringBuilder();
        page.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append(null, $"<title>{Escape(title)}</title>\n<style>\n{Resources.Text("graph.css")}</style>\n</head>\n<body>\n");
        page.Append(null, $"<header><h1>{Escape(title)}</h1><span class=\"subtitle\">{Escape(subtitle)}</span>{Resources.Text("graph.html")}\n");
        page.Append(null, $"<script id=\"data\" type=\"application/json\">{data.ToJsonString().Replace("<", "\\u003c", StringComparison.Ordinal)}</script>\n");
        page.Append(null, $"<script>\n{Resources.Text("graph.js")}</script>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>Writes the page; <paramref name="path"/> is either the old file or the whole new one.</summary>
    /// <param name="path">The file to make or replace; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.WriteAllText(path, Render());

    private static JsonObject Drawing(GraphDrawing drawing)
    {
        double[] widths = [.. drawing.Nodes.Select(Width)];
        double[] heights = [.. drawing.Nodes.Select(node => node.Subtitle.Length > 0 ? 42.0 : 28.0)];
        LayeredLayout layout = LayeredLayout.Compute(widths, heights, [.. drawing.Edges.Select(edge => (edge.From, edge.To))], Enumerable.Range(0, drawing.Nodes.Count).Where(index => drawing.Nodes[index].Kind == NodeKind.Port).ToHashSet());
        var nodes = new JsonArray();
        for (int index = 0; index < drawing.Nodes.Count; index++)
        {
            DrawnNode node = drawing.Nodes[index];
            nodes.Add(new JsonObject
            {
                ["x"] = Round(layout.X[index] - (widths[index] / 2)),
                ["y"] = Round(layout.Y[index]),
                ["w"] = Round(widths[index]),
                ["h"] = heights[index],
                ["t"] = Shorten(node.Title),
                ["s"] = Shorten(node.Subtitle),
                ["k"] = (int)node.Kind,
                ["f"] = node.Search,
                ["d"] = Sections(node.Details),
            });
        }
        var edges = new JsonArray();
        for (int index = 0; index < drawing.Edges.Count; index++)
        {
            DrawnEdge edge = drawing.Edges[index];
            var points = new JsonArray([.. layout.Paths[index].Select(number => JsonValue.Create(Round(number)))]);
            edges.Add(new JsonArray(edge.From, edge.To, edge.Label, points));
        }
        return new JsonObject { ["name"] = drawing.Name, ["w"] = Round(layout.Width), ["h"] = Round(layout.Height), ["nodes"] = nodes, ["edges"] = edges };
    }

    private static JsonArray Sections(IReadOnlyList<DetailSection> sections)
    {
        var array = new JsonArray();
        foreach (DetailSection section in sections)
        {
            var rows = new JsonArray();
            foreach (DetailRow row in section.Rows)
            {
                var item = new JsonObject { ["l"] = row.Label, ["t"] = row.Text };
                if (row.Node is { } node)
                {
                    item["n"] = node;
                }
                if (row.Drawing is { } drawing)
                {
                    item["g"] = drawing;
                }
                if (row.Histogram is { } histogram)
                {
                    item["c"] = new JsonArray([Number(histogram.Minimum), Number(histogram.Maximum), .. histogram.Counts.Select(count => JsonValue.Create(count))]);
                }
                rows.Add(item);
            }
            array.Add(new JsonObject { ["h"] = section.Heading, ["r"] = rows });
        }
        return array;
    }

    private static JsonNode Number(double value) => JsonValue.Create(value.ToString("G4", CultureInfo.InvariantCulture));

    private static double Width(DrawnNode node) =>
        Math.Max(64, 18 + Math.Max(Math.Min(node.Title.Length, LongestLine) * CharacterWidth, Math.Min(node.Subtitle.Length, LongestLine) * SmallCharacterWidth));

    private static string Shorten(string text) => text.Length > LongestLine ? $"{text[..(LongestLine - 1)]}…" : text;

    private static double Round(double value) => Math.Round(value, 1);

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
