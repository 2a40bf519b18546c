using Edge.Cli.Inspection;
using Edge.Cli.Terminal;
using Edge.Graph.Analysis;

namespace Edge.Cli.Differences;

/// <summary>Prints what changed between two models, for people.</summary>
internal static class DiffPrinter
{
    private const int Few = 12;

    private static readonly string[] Measures = ["verdict", "largest difference", "relative", "SQNR dB", "same argmax"];

    internal static void Print(DiffReport report, bool all)
    {
        if (report.IsEqual)
        {
            Screen.Line($"{report.First} and {report.Second} are the same: {report.NodesBefore} nodes, {report.SameWeights} weights, equal outputs on {report.Runs} {(report.AreGiven ? "given" : "random")} inputs");
            Layers(report);
            return;
        }
        Screen.Line($"{report.First} → {report.Second}");
        report.Facts.ToList().ForEach(fact => FactsPrinter.Line("file", fact));
        FactsPrinter.Line("nodes", $"{report.NodesBefore} → {report.NodesAfter}: {report.Removed.Count} gone, {report.Added.Count} new, {report.Changed.Count} changed");
        if (report.Operators.Count > 0)
        {
            Screen.Table(["operator", "before", "after"], report.Operators.Select(row => (string[])[row.Operator, $"{row.Before}", $"{row.After}"]));
        }
        List("gone", report.Removed, all);
        List("new", report.Added, all);
        List("changed", report.Changed, all);
        Weights(report, all);
        Outputs(report);
        Layers(report);
    }

    private static void Weights(DiffReport report, bool all)
    {
        FactsPrinter.Line("weights", $"{report.Weights.Count} changed, {report.SameWeights} the same");
        if (report.Weights.Count == 0)
        {
            return;
        }
        IEnumerable<WeightChange> shown = all ? report.Weights : report.Weights.Take(Few);
        Screen.Table(
            ["layer", "weight", "type", "relative change", "largest change"],
            shown.Select(row => (string[])
            [
                row.Layer,
                row.Name,
                row.Type,
                row.Relative is { } relative ? FactsPrinter.Format($"{relative:P3}") : "",
                row.MaximumAbsolute is { } largest ? FactsPrinter.Format($"{largest:G4}") : "",
            ]),
            texts: 3);
        More(report.Weights.Count, all);
    }

    private static void Outputs(DiffReport report)
    {
        if (report.OutputProblem is { } problem)
        {
            FactsPrinter.Line("outputs", $"not compared: {problem}");
            return;
        }
        FactsPrinter.Line("outputs", $"on {report.Runs} {(report.AreGiven ? "given" : "random")} inputs");
        Screen.Table(["output", .. Measures], report.Outputs.Select(row => (string[])[row.Output, .. Figures(row)]), texts: 2);
    }

    private static void Layers(DiffReport report)
    {
        if (report.Layers is not { } layers || report.OutputProblem is not null)
        {
            return;
        }
        FactsPrinter.Line("layers", layers.Count > 0 ? $"{layers.Count} tensors that both models make under one name" : "the models make no tensor under one name");
        if (layers.Count > 0)
        {
            Screen.Table(["made by", "tensor", .. Measures], layers.Select(row => (string[])[row.Layer, row.Delta.Output, .. Figures(row.Delta)]), texts: 3);
        }
    }

    private static string[] Figures(OutputDelta row) =>
    [
        row.Problem ?? (row.IsEqual ? "equal" : "differs"),
        row.Problem is null ? FactsPrinter.Format($"{row.MaximumAbsolute:G4}") : "",
        row.Relative is { } relative && row.Problem is null ? FactsPrinter.Format($"{relative:G3}") : "",
        row.SqnrDecibels is { } decibels ? FactsPrinter.Format($"{decibels:F1}") : "",
        row.ArgmaxAgreement is { } share && row.Problem is null ? FactsPrinter.Format($"{share:P2}") : "",
    ];

    private static void List(string label, IReadOnlyList<string> lines, bool all)
    {
        foreach (string line in all ? lines : lines.Take(Few))
        {
            FactsPrinter.Line(label, line);
        }
        More(lines.Count, all);
    }

    private static void More(int count, bool all)
    {
        if (!all && count > Few)
        {
            FactsPrinter.Line("", $"and {count - Few} more; --all shows them");
        }
    }
}
