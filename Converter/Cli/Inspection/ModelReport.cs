using Edge.Cli.Models;
using Edge.Graph;
using Edge.Graph.Analysis;
using Edge.Graph.Inference;
using Edge.Graph.Serialization;

namespace Edge.Cli.Inspection;

/// <summary>Everything that can be said about a model without changing it.</summary>
internal sealed record ModelReport
{
    // They are held in memory while the clock runs.
    private const int MostSamples = 16;

    public required string Source { get; init; }

    public required ModelSummary Summary { get; init; }

    public required IReadOnlyList<ModelProblem> Problems { get; init; }

    public required CostFacts Cost { get; init; }

    public required IReadOnlyList<Meaning> Meanings { get; init; }

    public required SupportFacts Support { get; init; }

    /// <summary>Values whose type or shape inference could not find, each with the reason.</summary>
    public required IReadOnlyList<ModelProblem> UnknownShapes { get; init; }

    /// <summary>Where the file declares something else than what follows from the nodes.</summary>
    public required IReadOnlyList<ModelProblem> ShapeWarnings { get; init; }

    /// <summary>What names in shapes stand for, where inference made them up.</summary>
    public required IReadOnlyDictionary<string, string> Symbols { get; init; }

    public ProfileFacts? Profile { get; init; }

    public required IReadOnlyList<LayerRow> Layers { get; init; }

    /// <summary>Gathers it.</summary>
    /// <param name="model">A model that follows the rules; its values get the inferred types.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="options">How it is looked at.</param>
    internal static ModelReport Of(OnnxModel model, string source, ReportOptions? options = null)
    {
        options ??= new ReportOptions();
        InferenceResult inferred = KnownShapes.Infer(model, source, options.Inputs);
        OnnxModel? single = KnownShapes.WithBatchOfOne(model);
        GraphCost cost = GraphCost.Of(single ?? model);
        // The engine gets the model as the file has it: sizes that are fixed for one branch may not fit another.
        OnnxModel whole = options.Inputs is { Count: > 0 } ? OnnxModel.Load(source) : model;
        EngineProfile? times = options.Profile ? Measure(model, single, whole, source, options) : null;
        return new ModelReport
        {
            Source = source,
            Summary = ModelSummary.Of(model, source),
            Problems = [],
            Cost = new CostFacts
            {
                MultiplyAdds = cost.MultiplyAdds,
                Parameters = cost.Parameters,
                WeightBytes = cost.WeightBytes,
                FileBytes = File.Exists(source) ? ModelFiles.Bytes(source) : 0,
                AssumesBatchOfOne = single is not null,
                NotCounted = [.. cost.Open.Concat(cost.Unfollowed).Select(node => node.Describe())],
            },
            Meanings = [.. ModelMeaning.Of(model).Select(Meaning.Of)],
            Support = SupportFacts.Of(whole, model),
            UnknownShapes = [.. inferred.Unknown.Select(item => new ModelProblem(item.Value.ToString(), item.Reason))],
            ShapeWarnings = inferred.Warnings,
            Symbols = inferred.Symbols,
            Profile = times is null ? null : ProfileFacts.Of(times),
            Layers = [.. Rows(model, cost, single ?? model, whole, times)],
        };
    }

    private static EngineProfile Measure(OnnxModel model, OnnxModel? single, OnnxModel whole, string source, ReportOptions options)
    {
        IReadOnlyDictionary<string, OnnxTensor>[] samples = [.. options.Samples?.Invoke(model)?.Read().Take(MostSamples) ?? []];
        return EngineProfile.Measure(whole, single is null ? [model] : [single, model], options.Threads, source, options.Fill, samples);
    }

    private static IEnumerable<Node> Nodes(OnnxModel model) => model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes);

    // The cost was counted on a copy where the batch is open, the time on another: their nodes stand in the same order.
    private static IEnumerable<LayerRow> Rows(OnnxModel model, GraphCost cost, OnnxModel counted, OnnxModel profiled, EngineProfile? profile)
    {
        int index = 0;
        foreach ((Node node, Node twin, Node run) in Nodes(model).Zip(Nodes(counted), Nodes(profiled)))
        {
            NodeCost item = cost[twin];
            NodeTime? time = profile?.ByNode.GetValueOrDefault(run);
            Value? output = node.Outputs.FirstOrDefault(value => value is not null);
            yield return new LayerRow
            {
                Index = index++,
                Name = node.Name.Length > 0 ? node.Name : output?.Name ?? "",
                Operator = SupportFacts.Name(node),
                Graph = node.Graph.Parent is null ? null : node.Graph.Name,
                Output = output?.Type?.ToString() ?? "?",
                Parameters = item.Parameters,
                MultiplyAdds = item.MultiplyAdds,
                WeightBytes = item.WeightBytes,
                OutputBytes = item.OutputBytes,
                Milliseconds = time?.Milliseconds,
                TimeShare = time?.Share,
            };
        }
    }
}
