using System.Text.Json.Nodes;

namespace Edge.Reports;

/// <summary>Options for the charts that judge a model, in the terms of Apache ECharts.</summary>
public static class JudgingCharts
{
    private const string Blue = "#2f6fde", Orange = "#e07b39", Grey = "#8b949e";

    /// <summary>Curves of shares against shares: both axes go from 0 to 1.</summary>
    /// <param name="xName">What x is.</param>
    /// <param name="yName">What y is.</param>
    /// <param name="series">The curves.</param>
    /// <param name="diagonal">Whether to draw what guessing would give.</param>
    public static JsonObject UnitCurves(string xName, string yName, IReadOnlyList<Series> series, bool diagonal = false)
    {
        JsonObject chart = Charts.Lines(xName, yName, series);
        foreach (JsonNode? line in chart["series"]!.AsArray())
        {
            line!["showSymbol"] = false;
            line["lineStyle"] = new JsonObject { ["width"] = 1.6 };
        }
        if (diagonal)
        {
            chart["series"]!.AsArray().Add(Diagonal());
        }
        chart["xAxis"] = UnitAxis(xName);
        JsonObject y = UnitAxis(yName);
        y["nameGap"] = 38;
        chart["yAxis"] = y;
        // Curves of one sample a step have thousands of points at the same x: a tooltip of the axis would list them all.
        chart["tooltip"] = new JsonObject { ["trigger"] = "item" };
        chart["legend"] = new JsonObject { ["top"] = 0, ["type"] = "scroll" };
        return chart;
    }

    /// <summary>How often a model is right by how sure it is; calibrated, the bars end at the diagonal.</summary>
    /// <param name="bins">By rising confidence.</param>
    public static JsonObject Reliability(IReadOnlyList<ConfidenceBin> bins)
    {
        ArgumentNullException.ThrowIfNull(bins);
        var right = new JsonArray();
        var points = new JsonArray();
        double most = Math.Max(1, bins.Count == 0 ? 1 : bins.Max(bin => bin.Count));
        foreach (ConfidenceBin bin in bins)
        {
            double height = bin.Count > 0 ? bin.Accuracy : 0;
            foreach ((double x, double y) in new[] { (bin.From, 0), (bin.From, height), (bin.To, height), (bin.To, 0) })
            {
                right.Add(Point(x, y));
            }
            if (bin.Count > 0)
            {
                // The area of a point is the share of the samples that it stands for.
                points.Add(new JsonObject { ["value"] = Point(bin.Confidence, bin.Accuracy), ["symbolSize"] = Math.Round(5 + (15 * Math.Sqrt(bin.Count / most)), 1) });
            }
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["trigger"] = "item" },
            ["legend"] = new JsonObject { ["top"] = 0 },
            ["grid"] = Grid(),
            ["xAxis"] = UnitAxis("confidence"),
            ["yAxis"] = UnitAxis("accuracy", 38),
            ["series"] = new JsonArray(
                new JsonObject
                {
                    ["name"] = "share that is right",
                    ["type"] = "line",
                    ["symbol"] = "none",
                    ["lineStyle"] = new JsonObject { ["width"] = 0.6, ["color"] = Blue },
                    ["itemStyle"] = new JsonObject { ["color"] = Blue },
                    ["areaStyle"] = new JsonObject { ["color"] = Blue, ["opacity"] = 0.35 },
                    ["data"] = right,
                },
                new JsonObject { ["name"] = "mean confidence; larger for more samples", ["type"] = "scatter", ["itemStyle"] = new JsonObject { ["color"] = Orange, ["opacity"] = 0.85 }, ["data"] = points },
                Diagonal()),
        };
    }

    /// <summary>Horizontal bars, the first on top, with whiskers where they are uncertain.</summary>
    /// <param name="name">What the lengths are.</param>
    /// <param name="bars">The bars.</param>
    /// <param name="fromZero">False lets the axis begin near the shortest bar, for shares that differ little.</param>
    public static JsonObject BarsOf(string name, IReadOnlyList<Bar> bars, bool fromZero = true)
    {
        ArgumentNullException.ThrowIfNull(bars);
        var lengths = new JsonArray();
        foreach (Bar bar in bars)
        {
            lengths.Add(new JsonObject { ["value"] = Round(bar.Value), ["itemStyle"] = new JsonObject { ["color"] = bar.Value < 0 ? Blue : fromZero ? Orange : Blue } });
        }
        var series = new JsonArray(new JsonObject { ["type"] = "bar", ["data"] = lengths, ["barMaxWidth"] = 16, ["label"] = new JsonObject { ["show"] = false } });
        foreach (Bar bar in bars)
        {
            if (bar.Low is { } low && bar.High is { } high)
            {
                series.Add(new JsonObject
                {
                    ["type"] = "line",
                    ["symbol"] = "none",
                    ["silent"] = true,
                    ["lineStyle"] = new JsonObject { ["color"] = Orange, ["width"] = 2 },
                    ["data"] = new JsonArray(new JsonArray(Round(low), bar.Name), new JsonArray(Round(high), bar.Name)),
                });
            }
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["trigger"] = "item" },
            ["grid"] = new JsonObject { ["left"] = 150, ["right"] = 30, ["top"] = 10, ["bottom"] = 45 },
            ["xAxis"] = new JsonObject { ["type"] = "value", ["name"] = name, ["nameLocation"] = "middle", ["nameGap"] = 28, ["scale"] = !fromZero },
            ["yAxis"] = new JsonObject { ["type"] = "category", ["inverse"] = true, ["data"] = Names(bars.Select(bar => bar.Name)), ["axisLabel"] = new JsonObject { ["width"] = 135, ["overflow"] = "truncate" } },
            ["series"] = series,
        };
    }

    /// <summary>A table of signed numbers in colours: orange above zero, blue below.</summary>
    /// <param name="columns">The columns' names.</param>
    /// <param name="rows">The rows' names, the first on top.</param>
    /// <param name="values">A number for each row and column.</param>
    public static JsonObject SignedHeatMap(IReadOnlyList<string> columns, IReadOnlyList<string> rows, double[,] values)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(values);
        var cells = new JsonArray();
        double largest = 1e-30;
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < columns.Count; column++)
            {
                cells.Add(new JsonArray(column, row, Round(values[row, column])));
                largest = Math.Max(largest, Math.Abs(values[row, column]));
            }
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject(),
            ["grid"] = new JsonObject { ["left"] = 150, ["right"] = 20, ["top"] = 10, ["bottom"] = 60 },
            ["xAxis"] = new JsonObject { ["type"] = "category", ["data"] = Names(columns) },
            ["yAxis"] = new JsonObject { ["type"] = "category", ["data"] = Names(rows), ["inverse"] = true, ["axisLabel"] = new JsonObject { ["width"] = 135, ["overflow"] = "truncate" } },
            ["visualMap"] = new JsonObject
            {
                ["min"] = -largest,
                ["max"] = largest,
                ["show"] = false,
                ["inRange"] = new JsonObject { ["color"] = new JsonArray(Blue, "rgba(47,111,222,0.25)", "rgba(139,148,158,0.06)", "rgba(224,123,57,0.3)", Orange) },
            },
            ["series"] = new JsonArray(new JsonObject { ["type"] = "heatmap", ["data"] = cells }),
        };
    }

    /// <summary>Points in a square field, with the diagonal that perfect predictions lie on.</summary>
    /// <param name="xName">What x is.</param>
    /// <param name="yName">What y is.</param>
    /// <param name="points">The points.</param>
    public static JsonObject Scatter(string xName, string yName, IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        double low = points.Count == 0 ? 0 : points.Min(point => Math.Min(point.X, point.Y));
        double high = points.Count == 0 ? 1 : points.Max(point => Math.Max(point.X, point.Y));
        JsonObject diagonal = Diagonal();
        diagonal["data"] = new JsonArray(Point(low, low), Point(high, high));
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["trigger"] = "item" },
            ["grid"] = Grid(),
            ["xAxis"] = new JsonObject { ["type"] = "value", ["name"] = xName, ["nameLocation"] = "middle", ["nameGap"] = 28, ["scale"] = true },
            ["yAxis"] = new JsonObject { ["type"] = "value", ["name"] = yName, ["scale"] = true },
            ["series"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "scatter",
                    ["symbolSize"] = 4,
                    ["itemStyle"] = new JsonObject { ["color"] = Blue, ["opacity"] = 0.5 },
                    ["data"] = new JsonArray([.. points.Select(point => Point(point.X, point.Y))]),
                },
                diagonal),
        };
    }

    /// <summary>How many values of several kinds fall into each of 40 equal ranges.</summary>
    /// <param name="name">What the values are.</param>
    /// <param name="kinds">The values of each kind.</param>
    /// <param name="line">Where to draw a line; null draws none.</param>
    public static JsonObject Histogram(string name, IReadOnlyList<(string Name, double[] Values)> kinds, double? line = null)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        const int Ranges = 40;
        double[] all = [.. kinds.SelectMany(kind => kind.Values).Where(double.IsFinite).Order()];
        double low = all.Length == 0 ? 0 : all[0];
        // A few far values would press the rest into one bar: they are counted in the last.
        double high = all.Length == 0 ? 1 : Math.Max(all[(int)((all.Length - 1) * 0.995)], line ?? low);
        double width = high > low ? (high - low) / Ranges : 1;
        var series = new JsonArray();
        foreach ((string kind, double[] values) in kinds.Where(kind => kind.Values.Length > 0))
        {
            var counts = new int[Ranges];
            foreach (double value in values.Where(double.IsFinite))
            {
                counts[Math.Clamp((int)((value - low) / width), 0, Ranges - 1)]++;
            }
            series.Add(new JsonObject
            {
                ["name"] = kind,
                ["type"] = "bar",
                ["barGap"] = "-100%",
                ["barCategoryGap"] = "4%",
                ["itemStyle"] = new JsonObject { ["color"] = series.Count == 0 ? Blue : Orange, ["opacity"] = 0.65 },
                ["data"] = new JsonArray([.. counts.Select((count, range) => Point(low + ((range + 0.5) * width), (double)count / values.Length))]),
            });
        }
        if (line is { } place && series.Count > 0)
        {
            series[0]!["markLine"] = new JsonObject
            {
                ["symbol"] = "none",
                ["label"] = new JsonObject { ["formatter"] = "threshold" },
                ["lineStyle"] = new JsonObject { ["color"] = Grey },
                ["data"] = new JsonArray(new JsonObject { ["xAxis"] = Round(place) }),
            };
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["trigger"] = "item" },
            ["legend"] = new JsonObject { ["top"] = 0 },
            ["grid"] = Grid(),
            ["xAxis"] = new JsonObject { ["type"] = "value", ["name"] = name, ["nameLocation"] = "middle", ["nameGap"] = 28, ["scale"] = true },
            ["yAxis"] = new JsonObject { ["type"] = "value", ["name"] = "share of the kind" },
            ["series"] = series,
        };
    }

    /// <summary>Accuracies by the strength of what is done to a model: y goes from 0 to 1.</summary>
    /// <param name="xName">What the strength is; it begins at 0.</param>
    /// <param name="series">The lines.</param>
    public static JsonObject Falling(string xName, IReadOnlyList<Series> series)
    {
        JsonObject chart = Charts.Lines(xName, "accuracy", series);
        chart["yAxis"] = UnitAxis("accuracy", 38);
        return chart;
    }

    private static JsonObject Diagonal() => new()
    {
        ["type"] = "line",
        ["symbol"] = "none",
        ["silent"] = true,
        ["lineStyle"] = new JsonObject { ["type"] = "dashed", ["width"] = 1, ["color"] = Grey },
        ["data"] = new JsonArray(Point(0, 0), Point(1, 1)),
    };

    private static JsonObject Grid() => new() { ["left"] = 60, ["right"] = 20, ["top"] = 40, ["bottom"] = 45 };

    private static JsonObject UnitAxis(string name, int gap = 28) => new()
    {
        ["type"] = "value",
        ["name"] = name,
        ["nameLocation"] = "middle",
        ["nameGap"] = gap,
        ["min"] = 0,
        ["max"] = 1,
    };

    private static JsonArray Point(double x, double y) => new(Round(x), Round(y));

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    private static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 6) : 0;
}
