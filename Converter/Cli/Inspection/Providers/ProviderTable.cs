using System.Globalization;
using Edge.Graph;
using Edge.Graph.Schemas;

namespace Edge.Cli.Inspection.Providers;

/// <summary>Which operators an execution provider takes, as its makers document it.</summary>
internal sealed class ProviderTable
{
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);

    private ProviderTable(string name, TextReader reader)
    {
        Name = name;
        Source = reader.ReadLine()!.TrimStart('#', ' ');
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                string[] columns = line.Split('\t');
                _rows.Add(columns[0], new Row(
                    [.. columns[1].Split(' ').Select(Range)],
                    columns[2] == "-" ? null : [.. columns[2].Split(' ')],
                    columns.Length > 3 ? columns[3] : null));
            }
        }
    }

    /// <summary>The tables that there are, in the order in which providers are tried.</summary>
    internal static IReadOnlyList<ProviderTable> All { get; } = [.. new[] { "tensorrt", "cuda", "xnnpack", "acl" }.Select(Read)];

    /// <summary>The provider's name in configurations.</summary>
    internal string Name { get; }

    /// <summary>Where the table comes from.</summary>
    internal string Source { get; }

    /// <summary>Why the provider leaves a node to another; null where it takes it.</summary>
    internal string? Refusal(Node node, long opset)
    {
        if (!_rows.TryGetValue(Key(node), out Row? row))
        {
            return "no kernel for it";
        }
        long version = OperatorSchemas.Find(node.Domain, node.OpType, opset)?.SinceVersion ?? opset;
        if (!row.Versions.Any(range => version >= range.First && version <= range.Last))
        {
            return $"a kernel for other versions of it than {version}";
        }
        string? type = node.Inputs.Concat(node.Outputs).FirstOrDefault(value => value is not null)?.ElementType?.Text();
        return row.Types is null || type is null || row.Types.Contains(type) ? null : $"no kernel for {type}";
    }

    /// <summary>On what condition the provider takes a node; null for none.</summary>
    internal string? Condition(Node node) => _rows.GetValueOrDefault(Key(node))?.Condition;

    private static ProviderTable Read(string name)
    {
        using Stream stream = typeof(ProviderTable).Assembly.GetManifestResourceStream($"{name}.tsv")!;
        using var reader = new StreamReader(stream);
        return new ProviderTable(name, reader);
    }

    private static string Key(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}:{node.OpType}";

    private static (int First, int Last) Range(string text)
    {
        string[] ends = text.Split('-');
        return (int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
    }

    private sealed record Row(IReadOnlyList<(int First, int Last)> Versions, IReadOnlyList<string>? Types, string? Condition);
}
