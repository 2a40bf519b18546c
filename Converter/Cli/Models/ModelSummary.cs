using Edge.Cli.Inspection;
using Edge.Graph;

namespace Edge.Cli.Models;

/// <summary>What a model is made of, counted.</summary>
internal sealed record ModelSummary
{
    public required string Producer { get; init; }

    public required long IrVersion { get; init; }

    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required int Nodes { get; init; }

    /// <summary>How often each operator stands in the graph, the most frequent first.</summary>
    public required IReadOnlyList<OperatorCount> Operators { get; init; }

    /// <summary>Elements of all weights.</summary>
    public required long Parameters { get; init; }

    public required long WeightBytes { get; init; }

    public required IReadOnlyList<WeightRow> Weights { get; init; }

    public ModelCard? Card { get; init; }

    /// <summary>An operator.</summary>
    /// <param name="Operator">Its name, with its domain where that is not ONNX's own.</param>
    /// <param name="Count">How often it stands in the graph.</param>
    /// <param name="Role">What 8-bit quantization makes of it: computes, follows, moves, joins the layer before, or float.</param>
    internal sealed record OperatorCount(string Operator, int Count, string Role);

    internal sealed record WeightRow(string Name, string Type, long Elements, long Bytes);

    internal static ModelSummary Of(OnnxModel model, string source)
    {
        OnnxGraph[] graphs = [.. model.Graph.WithSubgraphs()];
        WeightRow[] weights = [.. graphs.SelectMany(graph => graph.Initializers).Select(value => new WeightRow(value.Name, value.Constant!.ToString(), value.Constant.Length, value.Constant.Bytes.Length))];
        return new ModelSummary
        {
            Producer = $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            IrVersion = model.IrVersion,
            Opsets = model.Opsets.ToDictionary(pair => pair.Key.Length == 0 ? "ai.onnx" : pair.Key, pair => pair.Value),
            Inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.ToString())],
            Outputs = [.. model.Graph.Outputs.Select(output => output.ToString())],
            Nodes = graphs.Sum(graph => graph.Nodes.Count),
            Operators = [.. graphs.SelectMany(graph => graph.Nodes).GroupBy(SupportFacts.Name)
                .Select(group => new OperatorCount(group.Key, group.Count(), SupportFacts.Role(group.First())))
                .OrderByDescending(item => item.Count).ThenBy(item => item.Operator, StringComparer.Ordinal)],
            Parameters = weights.Sum(weight => weight.Elements),
            WeightBytes = weights.Sum(weight => weight.Bytes),
            Weights = weights,
            Card = ModelCard.Read(model, source),
        };
    }
}
