using Edge.Graph.Execution;

namespace Edge.Graph.Passes.Matching;

/// <summary>Nodes that depend on constants alone, as a model of their own that the engine runs once.</summary>
internal sealed class ConstantBatch
{
    // Larger constants are given to the engine where they lie, and not copied into the model's bytes.
    private const long LargestCopied = 1024;

    private readonly List<Node> _nodes;
    private readonly OnnxModel _model;
    private readonly Dictionary<Value, Value> _copies = [];
    private readonly Dictionary<string, OnnxTensor> _feeds = new(StringComparer.Ordinal);
    private readonly List<Value> _wanted = [];

    internal ConstantBatch(OnnxModel source, List<Node> nodes)
    {
        _nodes = nodes;
        _model = new OnnxModel(new OnnxGraph("constants")) { IrVersion = Math.Max(source.IrVersion, 4) };
        foreach ((string domain, long version) in source.Opsets)
        {
            _model.Opsets[domain] = version;
        }
        var members = new HashSet<Node>(nodes);
        foreach (Node node in nodes)
        {
            Copy(node);
        }
        foreach (Value output in nodes.SelectMany(node => node.Outputs).OfType<Value>())
        {
            if (output.IsGraphOutput || output.Uses.Any(use => !members.Contains(use.Node)))
            {
                _wanted.Add(output);
                _model.Graph.AddOutput(_copies[output]);
            }
        }
    }

    /// <summary>Computes the results and puts them in the place of the nodes.</summary>
    /// <returns>How many nodes are gone.</returns>
    /// <exception cref="ModelFormatException">The engine refuses the nodes; nothing was changed.</exception>
    internal int Fold()
    {
        if (_wanted.Count == 0)
        {
            return 0;
        }
        IReadOnlyList<OnnxTensor> results;
        using (var session = new EngineSession(_model, new EngineOptions { Threads = 1, Optimize = false, Quiet = true }, "constants"))
        {
            results = session.Run(_feeds);
        }
        for (int index = 0; index < results.Count; index++)
        {
            Value output = _wanted[index];
            Value constant = output.Graph.AddConstant(output.Name, results[index]);
            output.ReplaceAllUsesWith(constant);
        }
        int changes = 0;
        for (int index = _nodes.Count - 1; index >= 0; index--)
        {
            changes += _nodes[index].TryRemove() ? 1 : 0;
        }
        return changes;
    }

    private void Copy(Node node)
    {
        Node copy = _model.Graph.AddNode(node.OpType, [.. node.Inputs.Select(input => input is null ? null : Copy(input))],
            [.. node.Outputs.Select(output => output?.Name ?? "")], node.Name, domain: node.Domain);
        Edits.CopyAttributes(node, copy);
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { } output)
            {
                // The engine finds the type of a result by itself; for one that it gives out the type must be stated.
                copy.Outputs[index]!.Type = output.Type is TensorType type ? type with { Shape = null } : null;
                _copies[output] = copy.Outputs[index]!;
            }
        }
    }

    private Value Copy(Value input)
    {
        if (_copies.TryGetValue(input, out Value? copy))
        {
            return copy;
        }
        OnnxTensor tensor = input.Constant!;
        if (tensor.Bytes.Length > LargestCopied)
        {
            copy = _model.Graph.AddInput(_model.Graph.FreshName(input.Name), tensor.Type, TensorShape.Of(tensor.Dims));
            _feeds[copy.Name] = tensor;
        }
        else
        {
            copy = _model.Graph.AddInitializer(_model.Graph.FreshName(input.Name), tensor);
        }
        return _copies[input] = copy;
    }
}
