using Edge.Cli.Terminal;

namespace Edge.Cli.Inspection;

/// <summary>Prints the nodes of a model as a table.</summary>
internal static class LayerPrinter
{
    private const int FewLayers = 25;
    private const int LongestName = 44;

    /// <summary>Prints the dearest layers in the order of the graph, or all of them.</summary>
    internal static void Print(ModelReport report, bool all)
    {
        bool isProfiled = report.Profile is not null;
        LayerRow[] rows = all || report.Layers.Count <= FewLayers
            ? [.. report.Layers]
            : [.. report.Layers.OrderByDescending(row => row.TimeShare ?? 0).ThenByDescending(row => row.MultiplyAdds ?? 0).ThenByDescending(row => row.Parameters).ThenBy(row => row.Index).Take(FewLayers).OrderBy(row => row.Index)];
        string[] header = ["#", "layer", "operator", "output", "parameters", "MACs", "weight bytes", .. isProfiled ? ["ms", "time"] : Array.Empty<string>()];
        Screen.Table(header, rows.Select(row => Cells(row, isProfiled)), texts: 4);
        if (rows.Length < report.Layers.Count)
        {
            Screen.Line($"{rows.Length} of {report.Layers.Count} layers, those that {(isProfiled ? "take the most time" : "cost the most")}; --layers shows all");
        }
        if (report.Profile is { } profile)
        {
            Screen.Line(FactsPrinter.Format($"{profile.MillisecondsPerRun:F3} ms in nodes a run, over {profile.Runs} runs; the engine joins nodes, and the time of a group stands at one of them"));
            foreach (ProfileFacts.AddedOperator item in profile.Added)
            {
                Screen.Line(FactsPrinter.Format($"  {item.Operator}, put in by the engine: {item.Milliseconds:F3} ms, {item.TimeShare:P1}"));
            }
        }
    }

    private static string[] Cells(LayerRow row, bool isProfiled) =>
    [
        $"{row.Index}",
        Shorten(row.Graph is null ? row.Name : $"{row.Graph}/{row.Name}"),
        row.Operator,
        row.Output,
        row.Parameters > 0 ? FactsPrinter.Format($"{row.Parameters:N0}") : "",
        row.MultiplyAdds is null ? "open" : row.MultiplyAdds > 0 ? FactsPrinter.Short(row.MultiplyAdds.Value) : "",
        row.WeightBytes > 0 ? FactsPrinter.Format($"{row.WeightBytes:N0}") : "",
        .. isProfiled ? Times(row) : [],
    ];

    private static string[] Times(LayerRow row) => row.TimeShare is null
        ? ["", ""]
        : [FactsPrinter.Format($"{row.Milliseconds:F3}"), FactsPrinter.Format($"{row.TimeShare:P1}")];

    // The end of an exporter's name tells more than its beginning.
    private static string Shorten(string name) => name.Length > LongestName ? $"…{name[^(LongestName - 1)..]}" : name;
}
