using System.Globalization;
using System.Text;
using Edge.Graph.Schemas;

namespace Edge.Training.Ops;

/// <summary>What the training engine executes, as a page of the documentation.</summary>
public static class OperatorSupport
{
    /// <summary>The page, in Markdown: operators with their versions, and those of ONNX that are missing.</summary>
    /// <param name="table">The operators.</param>
    public static string ToMarkdown(OperatorTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Operators that training executes

            `edge train`, `edge finetune`, `edge eval`, `edge explain` and `edge attack` execute a model's own graph with libtorch. This page is
            made from the tables of the engine by `make operators`; a test compares the two.

            A model of opset N runs on the newest version of each operator that is not above N, up to opset {OperatorTable.MaximumOpset}. A version or an operator that
            is not listed is refused with the node, the operator and the version named. Functions that a model brings along are written out.
            Quantized values are fake-quantized while training, with straight-through gradients; what has only whole-number inputs or outputs has
            no gradient. There are no tensors of strings, sequences, sparse tensors, complex numbers and 8-bit floats.

            | operator | versions (since opset) |
            |---|---|

            """);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (IGrouping<(string Domain, string Name), OperatorEntry> versions in table.Entries.GroupBy(entry => (entry.Domain, entry.Name)))
        {
            string name = versions.Key.Domain.Length == 0 ? versions.Key.Name : $"{versions.Key.Domain}.{versions.Key.Name}";
            known.Add(name);
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {string.Join(", ", versions.Select(entry => entry.Since))} |\n");
        }
        IEnumerable<string> missing = OperatorSchemas.Names("", OperatorTable.MaximumOpset).Where(name => !known.Contains(name));
        text.Append(CultureInfo.InvariantCulture, $"\n{known.Count} operators. Of ONNX's own operators these are missing: {string.Join(", ", missing)}.\n");
        return text.ToString();
    }
}
