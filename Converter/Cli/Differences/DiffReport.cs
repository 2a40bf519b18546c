using Edge.Cli.Inspection;
using Edge.Graph;
using Edge.Graph.Analysis;

namespace Edge.Cli.Differences;

/// <summary>What changed between two models.</summary>
internal sealed record DiffReport
{
    public required string First { get; init; }

    public required string Second { get; init; }

    /// <summary>True when structure, weights and outputs are the same.</summary>
    public required bool IsEqual { get; init; }

    public required IReadOnlyList<string> Facts { get; init; }

    public required int NodesBefore { get; init; }

    public required int NodesAfter { get; init; }

    public required IReadOnlyList<OperatorChange> Operators { get; init; }

    public required IReadOnlyList<string> Removed { get; init; }

    public required IReadOnlyList<string> Added { get; init; }

    public required IReadOnlyList<string> Changed { get; init; }

    public required int SameWeights { get; init; }

    public required IReadOnlyList<WeightChange> Weights { get; init; }

    /// <summary>On how many inputs both ran.</summary>
    public required int Runs { get; init; }

    /// <summary>True where the inputs were given, not random.</summary>
    public required bool AreGiven { get; init; }

    public required IReadOnlyList<OutputDelta> Outputs { get; init; }

    /// <summary>What nodes make on the way under one name in both, in the order of the first model; null unless asked for.</summary>
    public IReadOnlyList<LayerDelta>? Layers { get; init; }

    /// <summary>Why outputs could not be compared; null where they were.</summary>
    public string? OutputProblem { get; init; }

    internal sealed record OperatorChange(string Operator, int Before, int After);

    /// <summary>How far one tensor lies apart, and which node of the first model makes it.</summary>
    internal sealed record LayerDelta(string Layer, OutputDelta Delta);

    /// <summary>Compares two model files.</summary>
    /// <param name="first">What was.</param>
    /// <param name="second">What is.</param>
    /// <param name="inputs">Sizes for inputs of the first.</param>
    /// <param name="options">On what outputs are compared, for a copy of the first with inferred shapes.</param>
    /// <exception cref="ModelFormatException">A file is no sound model, or <paramref name="inputs"/> do not fit it.</exception>
    internal static DiffReport Of(string first, string second, IReadOnlyDictionary<string, TensorShape>? inputs, Func<OnnxModel, ComparisonOptions> options)
    {
        OnnxModel a = Load(first);
        OnnxModel b = Load(second);
        // What the files declare is compared, not what inference adds.
        ModelDifference difference = ModelDifference.Of(a, b);
        OnnxModel shapes = a.Copy();
        KnownShapes.Infer(shapes, first, inputs);
        ComparisonOptions asked = options(shapes);
        (OutputDeltas? outputs, string? problem) = Compare(a, b, asked);
        return new DiffReport
        {
            First = first,
            Second = second,
            IsEqual = difference.IsEqual && outputs is { IsEqual: true },
            Facts = difference.Facts,
            NodesBefore = Count(a),
            NodesAfter = Count(b),
            Operators = [.. difference.Operators.Select(row => new OperatorChange(row.Operator, row.Before, row.After))],
            Removed = difference.Removed,
            Added = difference.Added,
            Changed = difference.Changed,
            SameWeights = difference.SameWeights,
            Weights = difference.Weights,
            Runs = outputs?.Runs ?? 0,
            AreGiven = asked.Given is not null,
            Outputs = outputs?.Outputs ?? [],
            Layers = asked.Layers ? [.. (outputs?.Layers ?? []).Select(delta => new LayerDelta(a.Graph.Find(delta.Output)?.Producer?.Describe() ?? "", delta))] : null,
            OutputProblem = problem,
        };
    }

    // Models that the engine cannot run still differ in what they are made of. Given inputs that it refuses are the user's.
    private static (OutputDeltas?, string?) Compare(OnnxModel a, OnnxModel b, ComparisonOptions options)
    {
        try
        {
            OutputDeltas outputs = OutputComparison.Run(a, b, options);
            return (outputs, outputs.Problem.Length > 0 ? outputs.Problem : null);
        }
        catch (ModelFormatException e) when (options.Given is null)
        {
            return (null, e.Message);
        }
    }

    private static OnnxModel Load(string path)
    {
        OnnxModel model = OnnxModel.Load(path);
        ModelVerifier.ThrowIfInvalid(model, path);
        return model;
    }

    private static int Count(OnnxModel model) => model.Graph.WithSubgraphs().Sum(graph => graph.Nodes.Count);
}
