using System.Text.Json.Nodes;

namespace Edge.Reports;

/// <summary>Options for the charts of a report, in the terms of Apache ECharts.</summary>
public static class Charts
{
    /// <summary>Lines over a common x axis.</summary>
    /// <param name="xName">What x is; it begins at 0.</param>
    /// <param name="yName">What y is.</param>
    /// <param name="series">The lines; points that are not finite are left out.</param>
    public static JsonObject Lines(string xName, string yName, params IReadOnlyList<Series> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var lines = new JsonArray();
        foreach (Series line in series)
        {
            var points = new JsonArray();
            foreach ((double x, double y) in line.Points)
            {
                if (double.IsFinite(x) && double.IsFinite(y))
                {
                    points.Add(new JsonArray(x, Math.Round(y, 6)));
                }
            }
            lines.Add(new JsonObject { ["name"] = line.Name, ["type"] = "line", ["showSymbol"] = line.Points.Count < 40, ["data"] = points });
        }
        return new JsonObject
        {
            ["tooltip"] = new JsonObject { ["trigger"] = "axis" },
            ["legend"] = new JsonObject { ["top"] = 0 },
            ["grid"] = new JsonObject { ["left"] = 60, ["right"] = 20, ["top"] = 40, ["bottom"] = 45 },
            ["xAxis"] = new JsonObject { ["type"] = "value", ["name"] = xName, ["nameLocation"] = "middle", ["nameGap"] = 28, ["min"] = 0, ["max"] = "dataMax" },
            ["yAxis"] = new JsonObject { ["type"] = "value", ["name"] = yName, ["scale"] = true },
            ["series"] = lines,
        };
    }

    /// <summary>How often each class was taken for which.</summary>
    /// <param name="names">The classes' names.</param>
    /// <param name="counts">Counts by true class (row) and predicted class (column).</param>
    public static JsonObject ConfusionMatrix(IReadOnlyList<string> names, long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(counts);
        var cells = new JsonArray();
        long largest = 1;
        for (int truth = 0; truth < names.Count; truth++)
        {
            for (int guess = 0; guess < names.Count; guess++)
            {
                if (counts[truth, guess] > 0)
                {
                    cells.Add(new JsonArray(guess, truth, counts[truth, guess]));
                }
                largest = Math.Max(largest, truth == guess ? 1 : counts[truth, guess]);
            }
        }
        var axis = new JsonArray([.. names.Select(name => JsonValue.Create(name))]);
        return new JsonObject
        {
            ["tooltip"] = new JsonObject(),
            ["grid"] = new JsonObject { ["left"] = 110, ["right"] = 20, ["top"] = 10, ["bottom"] = 95 },
            ["xAxis"] = new JsonObject { ["type"] = "category", ["data"] = axis, ["name"] = "predicted", ["nameLocation"] = "middle", ["nameGap"] = 75, ["axisLabel"] = new JsonObject { ["rotate"] = 45 } },
            ["yAxis"] = new JsonObject { ["type"] = "category", ["data"] = axis.DeepClone(), ["inverse"] = true, ["name"] = "true", ["nameLocation"] = "start" },
            // The diagonal is far larger than the rest: the scale follows the mistakes.
            ["visualMap"] = new JsonObject { ["show"] = false, ["min"] = 0, ["max"] = largest, ["inRange"] = new JsonObject { ["color"] = new JsonArray("rgba(47,111,222,0.04)", "rgba(47,111,222,0.5)") } },
            ["series"] = new JsonArray(new JsonObject { ["type"] = "heatmap", ["data"] = cells, ["label"] = new JsonObject { ["show"] = true, ["color"] = "currentColor", ["textBorderWidth"] = 0 } }),
        };
    }
}
