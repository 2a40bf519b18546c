namespace Edge.Graph.Analysis;

/// <summary>What the guessers ask of a model, gathered once.</summary>
internal sealed class ModelFacts
{
    // How many nodes that keep an element an element are looked through.
    private const int LongestLook = 12;

    internal ModelFacts(OnnxModel model)
    {
        Inputs = [.. model.Graph.Inputs.Where(input => input.Constant is null)];
        Outputs = [.. model.Graph.Outputs];
        Operators = model.Graph.WithSubgraphs().SelectMany(graph => graph.Nodes).Select(node => node.OpType).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Inputs without a default.</summary>
    internal IReadOnlyList<Value> Inputs { get; }

    internal IReadOnlyList<Value> Outputs { get; }

    /// <summary>Operators anywhere in the model.</summary>
    internal IReadOnlySet<string> Operators { get; }

    /// <summary>The picture that it takes, once an input was taken for one.</summary>
    internal PictureSize? Picture { get; set; }

    /// <summary>The size of an axis, counted from the end for negative ones; null where it is open or not there.</summary>
    internal static long? Size(Value value, int axis)
    {
        TensorShape? shape = value.Shape;
        int place = axis < 0 ? (shape?.Rank ?? 0) + axis : axis;
        return shape is not null && place >= 0 && place < shape.Rank ? shape[place].Size : null;
    }

    internal static int Rank(Value value) => value.Shape?.Rank ?? -1;

    /// <summary>Does a name hold one of some words, as a whole or between anything that is no letter?</summary>
    internal static bool Says(string name, params ReadOnlySpan<string> words)
    {
        foreach (string word in words)
        {
            for (int start = 0; (start = name.IndexOf(word, start, StringComparison.OrdinalIgnoreCase)) >= 0; start++)
            {
                int end = start + word.Length;
                bool opens = start == 0 || !char.IsLetter(name[start - 1]) || (char.IsUpper(name[start]) && char.IsLower(name[start - 1]));
                bool closes = end == name.Length || !char.IsLetter(name[end]) || (char.IsUpper(name[end]) && char.IsLower(name[end - 1]));
                if (opens && closes)
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>The first node that does more with an input than cast, scale, shift, clip or pad it, and what it reads; subgraphs included.</summary>
    internal static (Node Node, Value Read)? FirstReader(Value input)
    {
        Value value = input;
        for (int step = 0; step < LongestLook; step++)
        {
            Use? use = value.Uses.Where(use => use.Node.OpType is not ("Shape" or "Size")).Select(use => (Use?)use).FirstOrDefault();
            if (use is not { } first)
            {
                return null;
            }
            bool passes = first.Node.OpType is "Cast" or "Sub" or "Add" or "Mul" or "Div" or "Clip" or "Pad" or "Identity" or "BatchNormalization" or "QuantizeLinear" or "DequantizeLinear";
            if (!passes || first.Node.Outputs is not [{ } next, ..])
            {
                return (first.Node, value);
            }
            value = next;
        }
        return null;
    }

    /// <summary>The last node before an output that does more than reshape, cast, transpose or (de)quantize.</summary>
    internal static Node? LastMaker(Value output)
    {
        Node? node = output.Producer;
        for (int step = 0; step < LongestLook && node is not null; step++)
        {
            bool passes = node.OpType is "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Transpose" or "Cast" or "Identity" or "QuantizeLinear" or "DequantizeLinear";
            if (!passes)
            {
                return node;
            }
            node = node.Input(0)?.Producer;
        }
        return node;
    }
}
