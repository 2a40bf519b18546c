using Edge.Cli.Inspection.Providers;
using Edge.Foundation;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Quantizer.Targets;
using Edge.Training.Ops;

namespace Edge.Cli.Inspection;

/// <summary>Which parts of Edge can work with a model.</summary>
internal sealed record SupportFacts
{
    public required bool CanTrain { get; init; }

    /// <summary>Operators that the training engine refuses, each with the reason.</summary>
    public required IReadOnlyList<Missing> NotTrained { get; init; }

    public required IReadOnlyList<Quantizer> Quantizers { get; init; }

    /// <summary>True when ONNX Runtime's CPU provider loads the model.</summary>
    public required bool RunsOnCpu { get; init; }

    /// <summary>Why it does not.</summary>
    public string? CpuRefusal { get; init; }

    /// <summary>What each execution provider takes: the CPU's first.</summary>
    public required IReadOnlyList<ProviderSupport> Providers { get; init; }

    internal sealed record Missing(string Operator, int Nodes, string Reason);

    /// <summary>What a target does with a model's nodes.</summary>
    internal sealed record Quantizer(string Target, int Computes, int Follows, int Moves, int Float, IReadOnlyList<string> FloatOperators);

    /// <param name="model">The model as its file has it.</param>
    /// <param name="typed">The same with inferred types.</param>
    internal static SupportFacts Of(OnnxModel model, OnnxModel typed)
    {
        Node[] nodes = [.. model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes)];
        var missing = new List<Missing>();
        foreach (IGrouping<string, Node> group in nodes.GroupBy(Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            if (TrainingRefusal(group.First(), model) is { } reason)
            {
                missing.Add(new Missing(group.Key, group.Count(), reason));
            }
        }
        string? refusal = CpuRefusalOf(model);
        return new SupportFacts
        {
            CanTrain = missing.Count == 0,
            NotTrained = missing,
            Quantizers = [.. QuantizationTarget.All.Select(target => Count(target, nodes))],
            RunsOnCpu = refusal is null,
            CpuRefusal = refusal,
            Providers = [.. ProviderSupport.Of(typed, refusal)],
        };
    }

    /// <summary>What the first quantization target does with an operator: one word.</summary>
    internal static string Role(Node node)
    {
        QuantizationTarget target = QuantizationTarget.CpuX64;
        return node.Domain.Length > 0 ? "float" : target.Computes.Contains(node.OpType) ? "computes" : target.Follows.Contains(node.OpType) ? "follows" : target.Moves.Contains(node.OpType) ? "moves" : node.OpType is "Relu" or "Clip" ? "joins" : "float";
    }

    internal static string Name(Node node) => node.Domain.Length == 0 ? node.OpType : $"{node.Domain}.{node.OpType}";

    private static string? TrainingRefusal(Node node, OnnxModel model)
    {
        try
        {
            OperatorTable.Standard.Find(node, model.Opsets.GetValueOrDefault(node.Domain));
            return null;
        }
        catch (InputException e)
        {
            // The message begins with the node; what is wrong stands behind it.
            string message = e.Message;
            int colon = message.IndexOf(": ", StringComparison.Ordinal);
            return colon > 0 ? message[(colon + 2)..] : message;
        }
    }

    private static Quantizer Count(QuantizationTarget target, Node[] nodes)
    {
        int computes = nodes.Count(node => Has(target.Computes, node));
        int follows = nodes.Count(node => Has(target.Follows, node));
        int moves = nodes.Count(node => Has(target.Moves, node));
        Node[] rest = [.. nodes.Where(node => !Has(target.Computes, node) && !Has(target.Follows, node) && !Has(target.Moves, node) && node.OpType is not ("Relu" or "Clip"))];
        return new Quantizer(target.Name, computes, follows, moves, rest.Length, [.. rest.Select(Name).Distinct().Order(StringComparer.Ordinal)]);
    }

    private static bool Has(IReadOnlySet<string> operators, Node node) => node.Domain.Length == 0 && operators.Contains(node.OpType);

    private static string? CpuRefusalOf(OnnxModel model)
    {
        try
        {
            using var session = new EngineSession(model, new EngineOptions { Quiet = true });
            return null;
        }
        catch (ModelFormatException e)
        {
            return e.Message;
        }
    }
}
