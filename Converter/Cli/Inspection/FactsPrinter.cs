using System.Globalization;
using Edge.Cli.Inspection.Providers;
using Edge.Cli.Models;
using Edge.Cli.Terminal;

namespace Edge.Cli.Inspection;

/// <summary>Prints what is known about a model, for people.</summary>
internal static class FactsPrinter
{
    private const int FewNotes = 8;

    /// <summary>Where it comes from, what goes in and out, what it is and costs, and who can work with it.</summary>
    internal static void Print(ModelReport report)
    {
        Header(report.Source, report.Summary);
        Ports("input", report.Summary.Inputs, report);
        Ports("output", report.Summary.Outputs, report);
        Meaning[] whole = [.. report.Meanings.Where(meaning => meaning.About is null)];
        for (int index = 0; index < whole.Length; index++)
        {
            Line(index == 0 ? "probably" : "", whole[index].ToString());
        }
        if (report.Summary.Card is { } card)
        {
            Card(card);
        }
        Line("parameters", string.Create(CultureInfo.InvariantCulture, $"{report.Cost.Parameters:N0} in {report.Cost.WeightBytes:N0} bytes; the file has {report.Cost.FileBytes:N0}"));
        Line("multiply-adds", MultiplyAdds(report.Cost));
        Support(report.Support);
        Notes(report);
        Operators(report);
    }

    /// <summary>A model that breaks the rules: only what its file says.</summary>
    internal static void PrintBroken(string source, ModelSummary summary)
    {
        Header(source, summary);
        summary.Inputs.ToList().ForEach(input => Line("input", input));
        summary.Outputs.ToList().ForEach(output => Line("output", output));
        Screen.Table(["operator", "count"], summary.Operators.Select(item => (string[])[item.Operator, $"{item.Count}"]));
    }

    internal static void Line(string label, string text) => Screen.Line($"{label,-14}{text}");

    /// <summary><c>538.2 M (538,226,884)</c>.</summary>
    internal static string Short(long count) => count switch
    {
        >= 1_000_000_000 => Format($"{count / 1e9:F2} G"),
        >= 1_000_000 => Format($"{count / 1e6:F1} M"),
        >= 10_000 => Format($"{count / 1e3:F1} k"),
        _ => Format($"{count}"),
    };

    internal static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Header(string source, ModelSummary summary) =>
        Screen.Line($"{source}: by {(summary.Producer.Length > 0 ? summary.Producer : "an unnamed tool")}, IR {summary.IrVersion}, opset {string.Join(", ", summary.Opsets.Select(opset => $"{opset.Key} {opset.Value}"))}, {summary.Nodes} nodes");

    private static void Ports(string label, IReadOnlyList<string> ports, ModelReport report)
    {
        foreach (string port in ports)
        {
            Meaning? meaning = report.Meanings.FirstOrDefault(meaning => meaning.About is { } name && (port == name || port.StartsWith(name + ": ", StringComparison.Ordinal)));
            Line(label, port);
            if (meaning is not null)
            {
                Line("", $"  {meaning}");
            }
        }
    }

    private static void Card(ModelCard card) =>
        Line("task", $"{card.Task.ToString().ToLowerInvariant()}, {card.Labels.Count} classes{(card.Training?.DataSet is { } set ? $", trained on {set}" : "")}{(card.Quantization is { } facts ? $", quantized {facts.Scheme}" : "")}");

    private static string MultiplyAdds(CostFacts cost)
    {
        string figure = cost.MultiplyAdds >= 10_000 ? Format($"{Short(cost.MultiplyAdds)} ({cost.MultiplyAdds:N0})") : Format($"{cost.MultiplyAdds}");
        string batch = cost.AssumesBatchOfOne ? " for a batch of 1" : "";
        return cost.NotCounted.Count == 0 ? figure + batch : $"{figure}{batch}, without {cost.NotCounted.Count} nodes of open size, such as {cost.NotCounted[0]}; fix sizes with --input";
    }

    private static void Support(SupportFacts support)
    {
        Line("ONNX Runtime", support.RunsOnCpu ? "loads it on the CPU" : $"refuses it on the CPU: {support.CpuRefusal}");
        for (int index = 0; index < support.Providers.Count; index++)
        {
            Line(index == 0 ? "providers" : "", Provider(support.Providers[index]));
        }
        Line("training", support.CanTrain ? "every operator" : $"not {string.Join(", ", support.NotTrained.Select(item => item.Nodes == 1 ? item.Operator : $"{item.Operator} ({item.Nodes})"))}");
        SupportFacts.Quantizer quantizer = support.Quantizers[0];
        string rest = quantizer.FloatOperators.Count > 0 ? $"; float stay {string.Join(", ", quantizer.FloatOperators)}" : "";
        Line("8 bits", $"{quantizer.Computes} nodes compute, {quantizer.Follows} follow, {quantizer.Moves} move values, {quantizer.Float} cannot ({quantizer.Target}){rest}");
    }

    /// <summary><c>cuda: 12 of 14 nodes, not NonMaxSuppression (2); documented, not measured here</c>.</summary>
    internal static string Provider(ProviderSupport support)
    {
        int nodes = support.Supported + support.Unsupported;
        string rest = support.Unsupported == 0 ? "" : $", not {string.Join(", ", support.Operators.Select(item => $"{item.Operator} ({item.Nodes})"))}";
        return $"{support.Provider}: {(support.Unsupported == 0 ? $"all {nodes}" : $"{support.Supported} of {nodes}")} nodes{rest}; {support.Basis.Split(':')[0]}";
    }

    private static void Notes(ModelReport report)
    {
        Some("shape unknown", [.. report.UnknownShapes.Select(item => $"{item.Where}: {item.What}")]);
        Some("contradiction", [.. report.ShapeWarnings.Select(item => item.ToString())]);
    }

    private static void Some(string label, string[] notes)
    {
        foreach (string note in notes.Take(FewNotes))
        {
            Line(label, note);
        }
        if (notes.Length > FewNotes)
        {
            Line("", $"and {notes.Length - FewNotes} more; --json lists them all");
        }
    }

    private static void Operators(ModelReport report)
    {
        var untrained = report.Support.NotTrained.Select(item => item.Operator).ToHashSet();
        Dictionary<string, LayerRow[]> rows = report.Layers.GroupBy(layer => layer.Operator).ToDictionary(group => group.Key, group => group.ToArray());
        Screen.Table(
            ["operator", "training", "8 bits", "count", "MACs", "parameters"],
            report.Summary.Operators.Select(item => (string[])
            [
                item.Operator,
                untrained.Contains(item.Operator) ? "no" : "yes",
                item.Role,
                Format($"{item.Count}"),
                rows[item.Operator].Sum(row => (double)(row.MultiplyAdds ?? 0)) is > 0 and double sum ? Short((long)sum) : "",
                rows[item.Operator].Sum(row => row.Parameters) is > 0 and long parameters ? Format($"{parameters:N0}") : "",
            ]),
            texts: 3);
    }
}
