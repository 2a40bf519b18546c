using Edge.Graph;
using Edge.Graph.Inference;
using Edge.Graph.Passes;
using Microsoft.ML.OnnxRuntime;

namespace Edge.Conformance.Suite;

/// <summary>Takes a case through everything that Edge does with a model, and lets ONNX Runtime judge the result.</summary>
/// <param name="folder">Where models are saved and loaded again.</param>
public sealed class CaseRunner(string folder)
{
    // The oldest opset that the runtime and the quantizer want, and the newest that can be reached.
    private static readonly long[] Targets = [17, OpsetChanges.Newest];

    private static readonly string[] Random = ["RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli"];

    /// <summary>Runs a case.</summary>
    /// <param name="item">The case.</param>
    public CaseOutcome Run(NodeCase item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var outcome = new CaseOutcome();
        OnnxModel? model = null;
        outcome.Loaded = Step(outcome, "load", () =>
        {
            model = OnnxModel.Parse(item.Model, item.Name);
            return null;
        });
        if (model is null)
        {
            return outcome;
        }
        outcome.Verified = Step(outcome, "verify", () => ModelVerifier.Verify(model) is [var problem, ..] ? problem.ToString() : null);
        outcome.Inferred = Step(outcome, "infer", () => Infer(item));
        outcome.RoundTripped = Step(outcome, "save and load", () => SavedTwice(model) ?? Judge(item, model));
        outcome.CleanedPassed = Step(outcome, "clean", () =>
        {
            OnnxModel cleaned = OnnxModel.Parse(item.Model, item.Name);
            outcome.Rewrites = PassPipeline.ForDeployment.Run(cleaned).Sum(result => result.Changes);
            return Judge(item, cleaned);
        });
        foreach (long target in Targets)
        {
            if (model.Opset > 0 && model.Opset < target)
            {
                outcome.UpgradedPassed &= Step(outcome, $"upgrade {model.Opset} to {target}", () => Upgrade(item, target, outcome));
            }
        }
        if (!outcome.RoundTripped || !outcome.CleanedPassed || !outcome.UpgradedPassed)
        {
            // Whose failure is it? The untouched file says.
            Step(outcome, "untouched file", () => Compare(item, item.Model));
        }
        return outcome;
    }

    /// <summary>How results of a model are compared: what is drawn by lot only by type and sizes.</summary>
    /// <param name="model">The model.</param>
    public static ValueComparer ComparerFor(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new ValueComparer(model.Graph.WithSubgraphs().Any(graph => graph.Nodes.Any(node => Random.Contains(node.OpType))));
    }

    private static bool Step(CaseOutcome outcome, string what, Func<string?> work)
    {
        string? reason;
        try
        {
            reason = work();
        }
        // A failure of any kind is a finding about this case, and the next case is waiting.
#pragma warning disable CA1031
        catch (Exception e)
#pragma warning restore CA1031
        {
            reason = $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}{(e is ModelFormatException or OnnxRuntimeException ? "" : " " + e.StackTrace?.Split('\n')[0].Trim())}";
        }
        if (reason is not null)
        {
            outcome.Reasons.Add($"{what}: {reason}");
        }
        return reason is null;
    }

    private static string? Infer(NodeCase item)
    {
        OnnxModel model = OnnxModel.Parse(item.Model, item.Name);
        InferenceResult result = ShapeInference.Run(model);
        if (result.Warnings is [var warning, ..])
        {
            return warning.ToString();
        }
        foreach (Value output in model.Graph.Outputs)
        {
            if (output.Type is null or TensorType { Shape: null } or TensorType { Element: ElementType.Undefined })
            {
                return $"output '{output.Name}' is {output.Type?.ToString() ?? "unknown"}: {result.Unknown.FirstOrDefault(unknown => ReferenceEquals(unknown.Value, output))?.Reason}";
            }
        }
        return null;
    }

    private string? Upgrade(NodeCase item, long target, CaseOutcome outcome)
    {
        OnnxModel upgraded = OnnxModel.Parse(item.Model, item.Name);
        byte[] before = upgraded.ToBytes();
        try
        {
            new UpgradeOpset(target).Run(upgraded);
        }
        catch (ModelFormatException e)
        {
            outcome.Refusals.Add($"upgrade {upgraded.Opset} to {target}: {e.Message}");
            return Saved(upgraded).SequenceEqual(Saved(OnnxModel.Parse(before))) ? null : "the pass refused and changed the model all the same";
        }
        outcome.IsUpgraded = true;
        if (ModelVerifier.Verify(upgraded) is [var problem, ..])
        {
            return problem.ToString();
        }
        PassPipeline.ForDeployment.Run(upgraded);
        return Judge(item, upgraded);
    }

    private static IEnumerable<string> Saved(OnnxModel model) =>
        model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).Select(node => $"{node}({string.Join(',', node.Inputs)})").Prepend($"{model.Opset}");

    private static string? SavedTwice(OnnxModel model)
    {
        byte[] once = model.ToBytes();
        return once.AsSpan().SequenceEqual(OnnxModel.Parse(once).ToBytes()) ? null : "saving the loaded model gives other bytes";
    }

    private string? Judge(NodeCase item, OnnxModel model)
    {
        string path = Path.Combine(folder, "model.onnx");
        model.Save(path);
        return Compare(item, OnnxModel.Load(path).ToBytes());
    }

    private static string? Compare(NodeCase item, byte[] model)
    {
        OnnxModel source = OnnxModel.Parse(item.Model, item.Name);
        var inputs = new Dictionary<string, CaseValue>(StringComparer.Ordinal);
        foreach ((int index, byte[] file) in item.Inputs)
        {
            Value input = source.Graph.Inputs[index];
            CaseValue value = CaseFile.Read(file, input.Type, $"{item.Name}: input '{input.Name}'");
            if (value is not AbsentCaseValue)
            {
                inputs[input.Name] = value;
            }
        }
        using var session = new CaseSession(model);
        IReadOnlyDictionary<string, CaseValue> outputs = session.Run(inputs);
        ValueComparer comparer = ComparerFor(source);
        foreach ((int index, byte[] file) in item.Outputs)
        {
            Value output = source.Graph.Outputs[index];
            CaseValue expected = CaseFile.Read(file, output.Type, $"{item.Name}: output '{output.Name}'");
            if (comparer.Difference(outputs[output.Name], expected) is { } difference)
            {
                return $"output '{output.Name}': {difference}";
            }
        }
        return null;
    }
}
