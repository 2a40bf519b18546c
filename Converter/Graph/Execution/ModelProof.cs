using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Execution;

/// <summary>
/// Holds a rewritten model against its source: ONNX Runtime runs both on the same inputs, seeded random ones and those that
/// the caller gives, and every element of every output must agree within a stated tolerance; NaN agrees with NaN.
/// </summary>
public static class ModelProof
{
    /// <summary>Compares two models.</summary>
    /// <param name="source">What is right.</param>
    /// <param name="result">What must do the same. An input that it does not have is not given to it.</param>
    /// <param name="options">Tolerance and random inputs.</param>
    /// <param name="realInputs">Inputs by name, as the source takes them.</param>
    /// <returns>The verdict, and what differed most.</returns>
    /// <exception cref="ModelFormatException">ONNX Runtime refuses the source, or a real input of its own.</exception>
    public static ProofResult Compare(
        OnnxModel source,
        OnnxModel result,
        ProofOptions? options = null,
        IEnumerable<IReadOnlyDictionary<string, OnnxTensor>>? realInputs = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(result);
        options ??= new ProofOptions();
        options.Validate();
        var engine = new EngineOptions { Threads = options.Threads, Optimize = options.Optimize, Quiet = true };
        using var expected = new EngineSession(source, engine, "source model");
        using EngineSession? actual = TryOpen(result, engine, out string refusal);
        if (actual is null)
        {
            return new ProofResult(ProofVerdict.Differs, 0, [], refusal);
        }
        var comparison = new ProofComparison(expected, actual, options, source.Graph.WithSubgraphs().Any(graph => graph.Nodes.Any(Operators.IsRandom)));
        foreach (IReadOnlyDictionary<string, OnnxTensor> inputs in realInputs ?? [])
        {
            comparison.Run(inputs);
        }
        return comparison.ToResult(RunRandom(source, options, comparison));
    }

    private static EngineSession? TryOpen(OnnxModel model, EngineOptions engine, out string refusal)
    {
        refusal = "";
        try
        {
            return new EngineSession(model, engine, "rewritten model");
        }
        catch (ModelFormatException e)
        {
            refusal = e.Message;
            return null;
        }
    }

    // The first way to choose open sizes that the source takes is the one that every run uses.
    private static string RunRandom(OnnxModel source, ProofOptions options, ProofComparison comparison)
    {
        var random = new RandomInputs(source, options);
        string reason = "";
        for (int attempt = 0; attempt < RandomInputs.AttemptCount && options.RandomRuns > 0; attempt++)
        {
            if (random.Make(attempt, 0, out string refusal) is not { } inputs)
            {
                return refusal;
            }
            if (!comparison.TryRun(inputs, out string message))
            {
                reason = reason.Length > 0 ? reason : message;
                continue;
            }
            for (int run = 1; run < options.RandomRuns; run++)
            {
                comparison.TryRun(random.Make(attempt, run, out _)!, out _);
            }
            return "";
        }
        return reason;
    }
}
