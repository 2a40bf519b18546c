using Edge.Graph.Inference;

namespace Edge.Graph.Passes;

/// <summary>
/// Rewrites a model for a later version of ONNX's own operator set: attributes that became inputs, operators that were
/// replaced, defaults that changed. What each version changed is listed in <see cref="OpsetChanges"/>.
/// </summary>
/// <param name="target">The version to reach; at most <see cref="OpsetChanges.Newest"/>.</param>
public sealed class UpgradeOpset(long target = 17) : IGraphPass
{
    /// <summary>Older models write broadcasting and training into attributes that differ for every operator.</summary>
    public const long Oldest = 7;

    private readonly long _target = target is > Oldest and <= OpsetChanges.Newest
        ? target
        : throw new ArgumentOutOfRangeException(nameof(target), target, $"an opset between {Oldest + 1} and {OpsetChanges.Newest} can be reached");

    /// <inheritdoc/>
    public string Name => $"upgrade to opset {_target}";

    /// <summary>Upgrades a model; one that is as new already stays as it is.</summary>
    /// <param name="model">The model.</param>
    /// <returns>How many nodes were rewritten, at least 1 where the version changed.</returns>
    /// <exception cref="ModelFormatException">The model is too old, or holds an operator that cannot be upgraded; its nodes are as they were.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long opset = model.Opset;
        if (opset >= _target || opset == 0)
        {
            // 0: none of ONNX's own operators is used.
            return 0;
        }
        if (opset < Oldest)
        {
            throw new ModelFormatException($"the model is of opset {opset}; only {Oldest} and later can be upgraded: export it again for opset {_target}");
        }
        // What an initializer that is an input too may be changes with the file format.
        new RemoveInitializersFromInputs().Run(model);
        ShapeInference.Run(model);
        Node[] nodes = [.. model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).Where(node => node.Domain.Length == 0)];
        foreach (Node node in nodes)
        {
            if (OpsetChanges.Refusal(node, opset, _target) is { } refusal)
            {
                throw new ModelFormatException($"{node.Describe()}: {refusal}; export the model again for opset {_target}");
            }
        }
        int changes = 1;
        foreach (Node node in nodes)
        {
            changes += OpsetChanges.Apply(node, opset, _target) ? 1 : 0;
        }
        model.Opsets[""] = _target;
        model.IrVersion = Math.Max(model.IrVersion, OpsetChanges.IrVersion(_target));
        return changes;
    }
}
