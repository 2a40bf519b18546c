namespace Edge.Graph.Inference;

/// <summary>A value whose type or shape inference could not find, wholly or in part.</summary>
public sealed class UnknownValue
{
    private readonly Node? _node;
    private readonly Value? _input;
    private readonly string? _reason;

    internal UnknownValue(Value value, Node? node, string reason) => (Value, _node, _reason) = (value, node, reason);

    internal UnknownValue(Value value, Node node, Value input) => (Value, _node, _input) = (value, node, input);

    /// <summary>The value.</summary>
    public Value Value { get; }

    /// <summary>Which node makes it and why nothing follows: <c>NonZero node 'n': …</c>.</summary>
    // Put together when it is asked for: a graph of which little is known has very many of them.
    public string Reason => $"{Maker}: {_reason ?? $"the shape of its input '{_input!.Name}' is not known"}";

    private string Maker => _node?.Describe() ?? $"input '{Value.Name}'";
}
