namespace Edge.Graph;

/// <summary>One operation of a graph.</summary>
public sealed class Node
{
    // Arrays of just the length: a graph has very many of them.
    private Value?[] _inputs = [];
    private Value?[] _outputs = [];
    private SortedDictionary<string, string>? _metadata;

    internal Node(OnnxGraph graph, string opType)
    {
        Graph = graph;
        OpType = opType;
        Attributes = new AttributeMap(this);
    }

    /// <summary>The graph that it stands in.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>A label for people; often unique, sometimes empty.</summary>
    public string Name { get; set; } = "";

    /// <summary>The operator, as ONNX names it: <c>Conv</c>.</summary>
    public string OpType { get; }

    /// <summary>Whose operator it is; empty for ONNX's own.</summary>
    public string Domain { get; init; } = "";

    /// <summary>Which overload of a model-local function is called; almost always empty.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; set; }

    /// <summary>Key-value pairs that tools left on the node.</summary>
    public SortedDictionary<string, string> Metadata => _metadata ??= new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it reads; null where an optional input is left out.</summary>
    public IReadOnlyList<Value?> Inputs => _inputs;

    /// <summary>What it makes; null where an optional output is left out.</summary>
    public IReadOnlyList<Value?> Outputs => _outputs;

    /// <summary>Its attributes.</summary>
    public AttributeMap Attributes { get; }

    /// <summary>False once it was removed.</summary>
    public bool IsInGraph { get; internal set; }

    /// <summary>The node before it in its graph, or null.</summary>
    public Node? Previous { get; internal set; }

    /// <summary>The node behind it in its graph, or null.</summary>
    public Node? Next { get; internal set; }

    /// <summary>An input, or null where it is left out or the node has fewer.</summary>
    /// <param name="index">Which input.</param>
    public Value? Input(int index) => index < _inputs.Length ? _inputs[index] : null;

    /// <summary>Makes the node read another value; the list grows as needed.</summary>
    /// <param name="index">Which input.</param>
    /// <param name="value">The value, or null to leave the input out.</param>
    public void SetInput(int index, Value? value)
    {
        ReserveInputs(index + 1);
        _inputs[index]?.RemoveUse(this, index);
        _inputs[index] = value;
        value?.AddUse(this, index);
    }

    /// <summary>Forgets inputs from an index on.</summary>
    /// <param name="count">How many stay.</param>
    public void TruncateInputs(int count)
    {
        for (int index = count; index < _inputs.Length; index++)
        {
            _inputs[index]?.RemoveUse(this, index);
        }
        if (count < _inputs.Length)
        {
            Array.Resize(ref _inputs, count);
        }
    }

    /// <summary>Is this ONNX's own operator of that name?</summary>
    /// <param name="opType">The operator, as ONNX names it.</param>
    public bool Is(string opType) => OpType == opType && Domain.Length == 0;

    /// <summary>Takes the node out of its graph, if nothing reads what it makes.</summary>
    /// <returns>True if it is gone.</returns>
    public bool TryRemove()
    {
        if (!IsInGraph || Array.Exists(_outputs, output => output is { Uses.Count: > 0 } or { IsGraphOutput: true }))
        {
            return false;
        }
        Graph.Remove(this);
        return true;
    }

    /// <summary>How messages name it: <c>Conv node 'conv1'</c>.</summary>
    public string Describe()
    {
        string operation = Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";
        string label = Name.Length > 0 ? Name : _outputs.FirstOrDefault(output => output is not null)?.Name ?? "";
        return $"{operation} node '{label}'";
    }

    /// <inheritdoc/>
    public override string ToString() => Describe();

    /// <summary>The same as <see cref="Metadata"/>, but asking for it makes nothing.</summary>
    internal IReadOnlyCollection<KeyValuePair<string, string>> MetadataOrNone => _metadata ?? (IReadOnlyCollection<KeyValuePair<string, string>>)[];

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; set; }

    /// <summary>Makes room for that many inputs, left out until they are set.</summary>
    internal void ReserveInputs(int count)
    {
        if (count > _inputs.Length)
        {
            Array.Resize(ref _inputs, count);
        }
    }

    /// <summary>Makes room for that many outputs, left out until they are set.</summary>
    internal void ReserveOutputs(int count)
    {
        if (count > _outputs.Length)
        {
            Array.Resize(ref _outputs, count);
        }
    }

    internal void SetOutput(int index, Value? value)
    {
        _outputs[index] = value;
        if (value is not null)
        {
            value.Producer = this;
            value.ProducerIndex = index;
        }
    }
}
