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

    /// <summary>On how many random inputs both ran.</summary>
    public required int Runs { get; init; }

    public required IReadOnlyList<OutputDelta> Outputs { get; init; }

    /// <summary>Why outputs could not be compared; null where they were.</summary>
    public string? OutputProblem { get; init; }

    internal sealed record OperatorChange(string Operator, int Before, int After);

    /// <summary>Compares two model files.</summary>
    /// <exception cref="ModelFormatException">A file is no sound model, or <paramref name="inputs"/> do not fit it.</exception>
    internal static DiffReport Of(string first, string second, IReadOnlyDictionary<string, TensorShape>? inputs, IReadOnlyDictionary<string, double>? fill, int seed)
    {
        OnnxModel a = Load(first);
        OnnxModel b = Load(second);
        // What the files declare is compared, not what inference adds.
        ModelDifference difference = ModelDifference.Of(a, b);
        OnnxModel shapes = Load(first);
        KnownShapes.Infer(shapes, first, inputs);
        (OutputComparison? outputs, string? problem) = Compare(a, b, shapes, fill, seed);
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
            Outputs = outputs?.Outputs ?? [],
            OutputProblem = problem,
        };
    }

    // Models that the engine cannot run still differ in what they are made of.
    private static (OutputComparison?, string?) Compare(OnnxModel a, OnnxModel b, OnnxModel shapes, IReadOnlyDictionary<string, double>? fill, int seed)
    {
        try
        {
            OutputComparison outputs = OutputComparison.Run(a, b, seed, shapes, fill);
            return (outputs, outputs.Problem.Length > 0 ? outputs.Problem : null);
        }
        catch (ModelFormatException e)
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
