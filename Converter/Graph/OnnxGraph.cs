namespace Edge.Graph;

/// <summary>
/// Nodes in topological order, and the values that join them. Every edit keeps producers and readers known,
/// so that replacing, inserting, removing and renaming cost the same in a graph of any size.
/// </summary>
public sealed class OnnxGraph
{
    private readonly Dictionary<string, Value> _values = new(StringComparer.Ordinal);
    private readonly List<Value> _inputs = [];
    private readonly List<Value> _outputs = [];
    private readonly HashSet<Value> _initializers = [];
    private readonly NameTable _names;
    // Inputs taken away that still stand in the list: one sweep removes any number of them.
    private int _removedInputs;

    /// <summary>Makes an empty graph.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parent">The graph whose values its nodes may read too; null for a model's own graph.</param>
    public OnnxGraph(string name, OnnxGraph? parent = null)
    {
        Name = name;
        Parent = parent;
        _names = parent?._names ?? new NameTable();
        _names.Add(this);
    }

    /// <summary>Its name.</summary>
    public string Name { get; set; }

    /// <summary>The graph around it, for the branches of an If or the body of a Loop.</summary>
    public OnnxGraph? Parent { get; }

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; set; }

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; set; }

    /// <summary>Key-value pairs that tools left on it.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>What it takes from outside, in order.</summary>
    public IReadOnlyList<Value> Inputs
    {
        get
        {
            if (_removedInputs > 0)
            {
                _inputs.RemoveAll(value => !value.IsGraphInput);
                _removedInputs = 0;
            }
            return _inputs;
        }
    }

    /// <summary>What it gives out, in order.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    /// <summary>The values that have a <see cref="Value.Constant"/>: weights, tables.</summary>
    public IReadOnlyCollection<Value> Initializers => _initializers;

    /// <summary>The nodes in order.</summary>
    public NodeList Nodes { get; } = new();

    /// <summary>Every value: inputs, initializers, outputs of nodes, and names that nothing defines.</summary>
    public IReadOnlyCollection<Value> Values => _values.Values;

    /// <summary>Initializers whose zero elements are left out.</summary>
    public IDictionary<string, OnnxSparseTensor> SparseInitializers { get; } = new Dictionary<string, OnnxSparseTensor>(StringComparer.Ordinal);

    /// <summary>Quantization parameters that the file states beside the graph.</summary>
    public IList<QuantizationAnnotation> QuantizationAnnotations { get; } = [];

    /// <summary>A value of this graph, not of the ones around it.</summary>
    /// <param name="name">Its name.</param>
    public Value? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>Adds an input behind the last one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">What its elements are.</param>
    /// <param name="shape">Its axes; null if not even their number is known.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Value AddInput(string name, ElementType element, TensorShape? shape)
    {
        Value value = Define(name);
        value.Type = new TensorType(element, shape);
        MarkInput(value);
        return value;
    }

    /// <summary>Adds a constant.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">Its data.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Value AddInitializer(string name, OnnxTensor tensor)
    {
        Value value = Define(name);
        SetConstant(value, tensor);
        return value;
    }

    /// <summary>Gives the value of an initializer, or a value that nothing makes, new data.</summary>
    /// <param name="value">A value of this graph without a producer.</param>
    /// <param name="tensor">The data; null makes an initializer that is an input too a plain input.</param>
    /// <exception cref="ArgumentException">A node makes the value.</exception>
    public void SetConstant(Value value, OnnxTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Producer is not null)
        {
            throw new ArgumentException($"'{value.Name}' is made by {value.Producer.Describe()}", nameof(value));
        }
        value.Constant = tensor;
        if (tensor is null)
        {
            _initializers.Remove(value);
        }
        else
        {
            _initializers.Add(value);
        }
    }

    /// <summary>Takes a value from the list of inputs; an initializer of that name stays.</summary>
    /// <param name="value">An input of this graph.</param>
    /// <exception cref="InvalidOperationException">It is read, and nothing but the outside gives it.</exception>
    public void RemoveInput(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Constant is null && (value.Uses.Count > 0 || value.IsGraphOutput))
        {
            throw new InvalidOperationException($"input '{value.Name}' is still read");
        }
        if (value.IsGraphInput)
        {
            value.IsGraphInput = false;
            _removedInputs++;
        }
        ForgetIfUndefined(value);
    }

    /// <summary>Adds an output behind the last one.</summary>
    /// <param name="value">A value of this graph.</param>
    public void AddOutput(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _outputs.Add(value);
        value.IsGraphOutput = true;
    }

    /// <summary>Takes a value from the list of outputs.</summary>
    /// <param name="value">An output of this graph.</param>
    public void RemoveOutput(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _outputs.Remove(value);
        value.IsGraphOutput = _outputs.Contains(value);
    }

    /// <summary>Adds a node behind the last one, or before another.</summary>
    /// <param name="opType">The operator, as ONNX names it.</param>
    /// <param name="inputs">What it reads; null leaves an optional input out.</param>
    /// <param name="outputNames">The names of what it makes; an empty one leaves an optional output out.</param>
    /// <param name="name">A label for people.</param>
    /// <param name="before">The node to stand before; null appends.</param>
    /// <param name="domain">Whose operator it is; empty for ONNX's own.</param>
    /// <exception cref="ArgumentException">An output's name is taken.</exception>
    public Node AddNode(string opType, IReadOnlyList<Value?> inputs, IReadOnlyList<string> outputNames, string? name = null, Node? before = null, string domain = "")
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputNames);
        var node = new Node(this, opType) { Name = name ?? "", Domain = domain };
        node.ReserveInputs(inputs.Count);
        for (int index = 0; index < inputs.Count; index++)
        {
            node.SetInput(index, inputs[index]);
        }
        node.ReserveOutputs(outputNames.Count);
        for (int index = 0; index < outputNames.Count; index++)
        {
            node.SetOutput(index, outputNames[index].Length == 0 ? null : Define(outputNames[index]));
        }
        if (before is null)
        {
            Nodes.Append(node);
        }
        else
        {
            Nodes.InsertBefore(node, before);
        }
        return node;
    }

    /// <summary>Puts a node behind a value: everything that read the value, and the list of outputs, takes the node's first output instead.</summary>
    /// <param name="value">A value of this graph; it becomes the node's first input.</param>
    /// <param name="opType">The operator, as ONNX names it.</param>
    /// <param name="outputName">The name of what the node makes; a graph output keeps its own name for the outside.</param>
    /// <param name="otherInputs">What else the node reads: values that are there where <paramref name="value"/> is.</param>
    /// <param name="name">A label for people.</param>
    /// <returns>The node, standing right behind the value's producer.</returns>
    /// <exception cref="ArgumentException">The output's name is taken.</exception>
    public Node InsertBehind(Value value, string opType, string outputName, IReadOnlyList<Value?>? otherInputs = null, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        Use[] readers = [.. value.Uses];
        Node? next = value.Producer is { } producer ? producer.Next : Nodes.First;
        Node node = AddNode(opType, [value, .. otherInputs ?? []], [outputName], name, next);
        Value output = node.Outputs[0]!;
        output.Type = value.Type;
        foreach (Use reader in readers)
        {
            reader.Node.SetInput(reader.Index, output);
        }
        value.GiveOutputTo(output);
        return node;
    }

    /// <summary>Takes a node away, and with it what it made.</summary>
    /// <param name="node">A node of this graph.</param>
    /// <exception cref="InvalidOperationException">Something still reads what it makes.</exception>
    public void Remove(Node node)
    {
        ArgumentNullException.ThrowIfNull(node);
        foreach (Value? output in node.Outputs)
        {
            if (output is not null && (output.Uses.Count > 0 || output.IsGraphOutput))
            {
                throw new InvalidOperationException($"{node.Describe()}: '{output.Name}' is still read");
            }
        }
        Detach(node);
        foreach (Value? output in node.Outputs)
        {
            if (output is not null)
            {
                output.Producer = null;
                Forget(output);
            }
        }
        Nodes.Remove(node);
    }

    /// <summary>Takes away an initializer that nothing reads.</summary>
    /// <param name="value">An initializer of this graph.</param>
    /// <exception cref="InvalidOperationException">Something still reads it.</exception>
    public void RemoveInitializer(Value value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Uses.Count > 0 || value.IsGraphOutput)
        {
            throw new InvalidOperationException($"initializer '{value.Name}' is still read");
        }
        SetConstant(value, null);
        ForgetIfUndefined(value);
    }

    /// <summary>Gives a value another name, everywhere.</summary>
    /// <param name="value">A value of this graph.</param>
    /// <param name="name">The new name.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public void Rename(Value value, string name)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Name == name)
        {
            return;
        }
        if (!_values.TryAdd(name, value))
        {
            throw new ArgumentException($"the name '{name}' is taken", nameof(name));
        }
        _values.Remove(value.Name);
        _names.Remove(value.Name);
        _names.Add(name);
        value.Name = name;
    }

    /// <summary>A name that nothing in this graph, around it or inside it has.</summary>
    /// <param name="stem">How it begins.</param>
    public string FreshName(string stem) => _names.Fresh(stem);

    /// <summary>This graph and every graph inside it.</summary>
    public IEnumerable<OnnxGraph> WithSubgraphs()
    {
        var pending = new Stack<OnnxGraph>([this]);
        while (pending.TryPop(out OnnxGraph? graph))
        {
            yield return graph;
            foreach (Node node in graph.Nodes)
            {
                foreach (OnnxGraph inner in node.Attributes.Subgraphs())
                {
                    pending.Push(inner);
                }
            }
        }
    }

    /// <summary>Makes room for more values and initializers at once.</summary>
    internal void Reserve(int values, int initializers)
    {
        _values.EnsureCapacity(_values.Count + values);
        _initializers.EnsureCapacity(_initializers.Count + initializers);
    }

    internal Value Define(string name)
    {
        var value = new Value(this, name);
        if (name.Length == 0 || !_values.TryAdd(name, value))
        {
            throw new ArgumentException($"the name '{name}' is {(name.Length == 0 ? "empty" : "taken")}", nameof(name));
        }
        _names.Add(name);
        return value;
    }

    internal void MarkInput(Value value)
    {
        _ = Inputs;
        _inputs.Add(value);
        value.IsGraphInput = true;
    }

    internal Node AppendEmpty(Node node)
    {
        Nodes.Append(node);
        return node;
    }

    internal void ReplaceOutput(Value output, Value replacement)
    {
        int index = _outputs.IndexOf(output);
        bool canTakeTheName = ReferenceEquals(replacement.Graph, this) && replacement.Producer is not null && !replacement.IsGraphOutput;
        if (canTakeTheName)
        {
            _outputs[index] = replacement;
            output.IsGraphOutput = _outputs.Contains(output);
            replacement.IsGraphOutput = true;
            (string outer, string inner) = (output.Name, replacement.Name);
            Rename(output, FreshName(inner + "_replaced"));
            Rename(replacement, outer);
            return;
        }
        if (output.Producer is { } producer)
        {
            producer.SetOutput(output.ProducerIndex, Define(FreshName(output.Name + "_replaced")));
            output.Producer = null;
        }
        var identity = new Node(this, "Identity") { Name = FreshName(output.Name + "_identity") };
        identity.SetInput(0, replacement);
        identity.ReserveOutputs(1);
        identity.SetOutput(0, output);
        Nodes.Append(identity);
    }

    private static void Detach(Node node)
    {
        node.TruncateInputs(0);
        foreach (OnnxGraph graph in node.Attributes.Subgraphs())
        {
            foreach (Node inner in graph.Nodes)
            {
                Detach(inner);
            }
        }
    }

    private void ForgetIfUndefined(Value value)
    {
        if (value.Constant is null && value.Producer is null && !value.IsGraphInput)
        {
            Forget(value);
        }
    }

    private void Forget(Value value)
    {
        _values.Remove(value.Name);
        _names.Remove(value.Name);
    }
}
