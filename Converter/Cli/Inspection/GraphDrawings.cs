using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Reports.Graphs;

namespace Edge.Cli.Inspection;

/// <summary>Makes drawings of a model's graph and its subgraphs.</summary>
internal sealed class GraphDrawings
{
    private readonly OnnxGraph[] _graphs;
    private readonly Dictionary<OnnxGraph, int> _places;
    private readonly Dictionary<Node, LayerRow> _rows;
    // A weight that many nodes read is looked at once.
    private readonly Dictionary<Value, DetailRow[]> _weights = [];

    private GraphDrawings(OnnxModel model, ModelReport report)
    {
        _graphs = [.. model.Graph.WithSubgraphs()];
        _places = _graphs.Select((graph, index) => (graph, index)).ToDictionary(pair => pair.graph, pair => pair.index);
        _rows = _graphs.SelectMany(graph => graph.Nodes).Zip(report.Layers).ToDictionary(pair => pair.First, pair => pair.Second);
    }

    /// <summary>The whole page.</summary>
    internal static GraphPage Page(OnnxModel model, ModelReport report)
    {
        var drawings = new GraphDrawings(model, report);
        string subtitle = $"{report.Summary.Nodes} nodes · {FactsPrinter.Short(report.Cost.Parameters)} parameters · {FactsPrinter.Short(report.Cost.MultiplyAdds)} multiply-adds · opset {model.Opset}";
        return new GraphPage(Path.GetFileName(report.Source), subtitle, Overview(report), [.. drawings._graphs.Select(drawings.Draw)]);
    }

    private static List<DetailSection> Overview(ModelReport report)
    {
        DetailRow Port(string port)
        {
            Meaning? meaning = report.Meanings.FirstOrDefault(meaning => meaning.About is { } name && port.StartsWith(name + ": ", StringComparison.Ordinal));
            return new DetailRow("", meaning is null ? port : $"{port}\n{meaning}");
        }
        var sections = new List<DetailSection>
        {
            new("", [.. report.Meanings.Where(meaning => meaning.About is null).Select(meaning => new DetailRow("", meaning.ToString()))]),
            new("inputs", [.. report.Summary.Inputs.Select(Port)]),
            new("outputs", [.. report.Summary.Outputs.Select(Port)]),
            new("figures",
            [
                new DetailRow("parameters", FactsPrinter.Format($"{report.Cost.Parameters:N0}")),
                new DetailRow("multiply-adds", FactsPrinter.Format($"{report.Cost.MultiplyAdds:N0}{(report.Cost.AssumesBatchOfOne ? " for a batch of 1" : "")}")),
                new DetailRow("file", FactsPrinter.Format($"{report.Cost.FileBytes:N0} bytes")),
                new DetailRow("made by", report.Summary.Producer),
                .. report.Profile is { } profile ? [new DetailRow("a run", FactsPrinter.Format($"{profile.MillisecondsPerRun:F3} ms"))] : Array.Empty<DetailRow>(),
            ]),
            new("support",
            [
                new DetailRow("ONNX Runtime", report.Support.RunsOnCpu ? "loads it" : report.Support.CpuRefusal!),
                new DetailRow("training", report.Support.CanTrain ? "every operator" : $"not {string.Join(", ", report.Support.NotTrained.Select(item => item.Operator))}"),
                new DetailRow("8 bits", $"{report.Support.Quantizers[0].Computes} nodes compute on 8 bits"),
            ]),
            new("execution providers", [.. report.Support.Providers.Select(provider => new DetailRow(provider.Provider, FactsPrinter.Provider(provider)[(provider.Provider.Length + 2)..]))]),
            new("operators", [.. report.Summary.Operators.Select(item => new DetailRow(item.Operator, $"{item.Count}"))]),
        };
        sections.RemoveAll(section => section.Rows.Count == 0);
        return sections;
    }

    private GraphDrawing Draw(OnnxGraph graph)
    {
        var boxes = new Dictionary<object, int>();
        Value[] inputs = [.. graph.Inputs.Where(input => input.Constant is null)];
        object[] order = [.. inputs, .. graph.Nodes, .. graph.Outputs.Distinct().Select(output => new Exit(output))];
        for (int index = 0; index < order.Length; index++)
        {
            boxes[order[index]] = index;
        }
        var edges = new List<DrawnEdge>();
        void Join(Value value, int to)
        {
            object? from = value.Producer is { } producer && boxes.ContainsKey(producer) ? producer : boxes.ContainsKey(value) ? value : null;
            if (from is not null)
            {
                edges.Add(new DrawnEdge(boxes[from], to, value.Shape is { Rank: > 0 } shape ? shape.ToString() : ""));
            }
        }
        foreach (object item in order)
        {
            if (item is Exit exit)
            {
                Join(exit.Value, boxes[item]);
            }
            else if (item is Node node)
            {
                // What its subgraphs read from here flows into the node too.
                IEnumerable<Value?> outer = node.Attributes.Subgraphs().SelectMany(inner => inner.WithSubgraphs()).SelectMany(inner => inner.Nodes)
                    .SelectMany(inner => inner.Inputs).Where(value => ReferenceEquals(value?.Graph, graph));
                foreach (Value value in node.Inputs.Concat(outer).OfType<Value>().Distinct())
                {
                    Join(value, boxes[item]);
                }
            }
        }
        string name = graph.Parent is null ? "main graph" : $"{Owner(graph)?.Describe()}: {graph.Name}";
        return new GraphDrawing($"{name} ({graph.Nodes.Count} nodes)", [.. order.Select(item => Box(item, boxes))], edges);
    }

    private Node? Owner(OnnxGraph graph) => _rows.Keys.FirstOrDefault(node => node.Attributes.Subgraphs().Contains(graph));

    private DrawnNode Box(object item, Dictionary<object, int> boxes) => item switch
    {
        Node node => new DrawnNode(SupportFacts.Name(node), Caption(node), NodeKinds.Of(node), Words(node), Details(node, boxes)),
        Value input => new DrawnNode(input.Name, input.Type?.ToString() ?? "", NodeKind.Port, input.Name, Ends(input, "input", "read by", input.Uses.Select(use => use.Node).Distinct(), boxes)),
        Exit { Value: var output } => new DrawnNode(output.Name, output.Type?.ToString() ?? "", NodeKind.Port, output.Name, Ends(output, "output", "made by", output.Producer is { } maker ? [maker] : [], boxes)),
        _ => throw new ArgumentException("neither a node nor a value", nameof(item)),
    };

    private static DetailSection[] Ends(Value value, string kind, string relation, IEnumerable<Node> nodes, Dictionary<object, int> boxes) =>
    [
        new(kind, [new DetailRow("name", value.Name), new DetailRow("type", value.Type?.ToString() ?? "?")]),
        new(relation, [.. nodes.Where(boxes.ContainsKey).Select(node => new DetailRow("", node.Describe()) { Node = boxes[node] })]),
    ];

    private static string Words(Node node) => string.Join('\n', new[] { node.Name }.Concat(node.Outputs.OfType<Value>().Select(value => value.Name))
        .Concat(node.Inputs.OfType<Value>().Where(value => value.Constant is not null).Select(value => value.Name)));

    private static string Caption(Node node)
    {
        if (node.OpType is "Conv" or "ConvTranspose" or "QLinearConv" && node.Input(node.OpType == "QLinearConv" ? 3 : 1)?.Shape?.ToFixed() is { Length: > 2 } weight)
        {
            long[] strides = node.Attributes.GetInts("strides", []);
            long groups = node.Attributes.GetInt("group", 1);
            string stride = strides.Any(step => step != 1) ? $" /{strides.Max()}" : "";
            long channels = node.OpType == "ConvTranspose" ? weight[1] * groups : weight[0];
            return $"{string.Join('×', weight[2..])}{stride} → {channels}{(groups > 1 ? groups == channels ? " depthwise" : $" in {groups} groups" : "")}";
        }
        if (node.OpType is "Gemm" or "MatMul" && node.Input(1)?.Constant is { Dims: [var rows, var columns] })
        {
            (long from, long to) = node.Attributes.GetInt("transB", 0) != 0 ? (columns, rows) : (rows, columns);
            return $"{from} → {to}";
        }
        if (node.OpType is "MaxPool" or "AveragePool" && node.Attributes.GetInts("kernel_shape", null) is { } kernel)
        {
            long step = node.Attributes.GetInts("strides", [1]).DefaultIfEmpty(1).Max();
            return string.Join('×', kernel) + (step > 1 ? $" /{step}" : "");
        }
        return node.OpType switch
        {
            "Transpose" when node.Attributes.GetInts("perm", null) is { } order => string.Join(' ', order),
            "Concat" => $"axis {node.Attributes.GetInt("axis", 0)}",
            "LSTM" or "GRU" or "RNN" when node.Attributes.Contains("hidden_size") => $"{node.Attributes.GetInt("hidden_size", 0)} wide",
            "Constant" when node.Attributes.GetTensor("value") is { } tensor => tensor.ToString(),
            _ => "",
        };
    }

    private List<DetailSection> Details(Node node, Dictionary<object, int> boxes)
    {
        LayerRow row = _rows[node];
        var figures = new List<DetailRow> { new("name", node.Name.Length > 0 ? node.Name : "(none)") };
        void Figure(string label, string? text)
        {
            if (text is not null)
            {
                figures.Add(new DetailRow(label, text));
            }
        }
        Figure("parameters", row.Parameters > 0 ? FactsPrinter.Format($"{row.Parameters:N0}") : null);
        Figure("multiply-adds", row.MultiplyAdds is null ? "a size is open" : row.MultiplyAdds > 0 ? FactsPrinter.Format($"{row.MultiplyAdds:N0}") : null);
        Figure("output bytes", row.OutputBytes is { } bytes ? FactsPrinter.Format($"{bytes:N0}") : null);
        Figure("time", row.TimeShare is { } share ? FactsPrinter.Format($"{row.Milliseconds:F3} ms, {share:P1}") : null);
        Figure("note", node.DocString is { Length: > 0 and < 400 } text ? text : null);
        var sections = new List<DetailSection>
        {
            new("node", figures),
            new("attributes", [.. node.Attributes.Select(Attribute)]),
            new("inputs", [.. node.Inputs.SelectMany((value, index) => Input(value, index, boxes))]),
            new("outputs", [.. node.Outputs.SelectMany((value, index) => Output(value, index, boxes))]),
        };
        sections.RemoveAll(section => section.Rows.Count == 0);
        return sections;
    }

    private DetailRow Attribute(NodeAttribute attribute) => new(attribute.Name, AttributeText.Of(attribute))
    {
        Drawing = attribute.Content is OnnxGraph inner ? _places[inner] : null,
        Histogram = attribute.Content is OnnxTensor tensor && TensorStatistics.Of(tensor) is { } found ? Spread(tensor, found) : null,
    };

    private IEnumerable<DetailRow> Input(Value? value, int index, Dictionary<object, int> boxes)
    {
        if (value is null)
        {
            return [new DetailRow($"{index}", "left out")];
        }
        if (value.Constant is { } tensor)
        {
            return Weight(value, tensor).Select((row, part) => part == 0 ? row with { Label = $"{index}" } : row);
        }
        object? from = value.Producer is { } producer ? producer : value;
        return [new DetailRow($"{index}", value.ToString()) { Node = boxes.TryGetValue(from, out int place) ? place : null }];
    }

    private static IEnumerable<DetailRow> Output(Value? value, int index, Dictionary<object, int> boxes)
    {
        if (value is null)
        {
            yield break;
        }
        yield return new DetailRow($"{index}", value.ToString());
        foreach (Node reader in value.Uses.Select(use => use.Node).Distinct().Where(boxes.ContainsKey).Take(20))
        {
            yield return new DetailRow("", $"→ {reader.Describe()}") { Node = boxes[reader] };
        }
    }

    private DetailRow[] Weight(Value value, OnnxTensor tensor)
    {
        if (!_weights.TryGetValue(value, out DetailRow[]? rows))
        {
            rows = [.. WeightRows(value, tensor)];
            _weights.Add(value, rows);
        }
        return rows;
    }

    private static IEnumerable<DetailRow> WeightRows(Value value, OnnxTensor tensor)
    {
        yield return new DetailRow("", $"{value.Name}: {AttributeText.Of(tensor)}");
        if (tensor.Length < 2 || TensorStatistics.Of(tensor) is not { } found)
        {
            yield break;
        }
        string zeros = found.Zeros > 0 ? FactsPrinter.Format($", {found.Zeros:P1} zero") : "";
        string odd = found.NotFinite > 0 ? FactsPrinter.Format($", {found.NotFinite:N0} not finite") : "";
        yield return new DetailRow("", $"mean {AttributeText.Number(found.Mean)}, deviation {AttributeText.Number(found.Deviation)}, from {AttributeText.Number(found.Minimum)} to {AttributeText.Number(found.Maximum)}{zeros}{odd}")
        {
            Histogram = Spread(tensor, found),
        };
    }

    // Few elements are read faster than a histogram.
    private static Histogram? Spread(OnnxTensor tensor, TensorStatistics found) =>
        found.Maximum > found.Minimum && tensor.Length >= 8 ? new Histogram(found.Minimum, found.Maximum, found.Histogram) : null;

    private sealed record Exit(Value Value);
}
