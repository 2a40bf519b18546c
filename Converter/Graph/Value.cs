namespace Edge.Graph;

/// <summary>
/// A value that flows through a graph: an input, an initializer, or the output of a node.
/// It knows who makes it and who reads it, so that edits need no search.
/// </summary>
public sealed class Value
{
    private const int MostListed = 8;

    // An array while there are few: most values of a graph are read once. A set where there are more.
    private IReadOnlyCollection<Use> _uses = Array.Empty<Use>();
    private SortedDictionary<string, string>? _metadata;

    internal Value(OnnxGraph graph, string name)
    {
        Graph = graph;
        Name = name;
    }

    /// <summary>The graph whose value this is.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Unique in its graph; change it with <see cref="OnnxGraph.Rename"/>.</summary>
    public string Name { get; internal set; }

    /// <summary>What it is, as far as the file or inference knows.</summary>
    public OnnxType? Type { get; set; }

    /// <summary>Free text from the file.</summary>
    public string? DocString { get; set; }

    /// <summary>Key-value pairs that tools left on it.</summary>
    public SortedDictionary<string, string> Metadata => _metadata ??= new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The node that makes it; null for inputs, initializers and dangling names.</summary>
    public Node? Producer { get; internal set; }

    /// <summary>Which output of <see cref="Producer"/> it is.</summary>
    public int ProducerIndex { get; internal set; }

    /// <summary>The data of an initializer; null for everything that is computed or fed.</summary>
    public OnnxTensor? Constant { get; internal set; }

    /// <summary>The nodes that read it, here and in subgraphs.</summary>
    public IReadOnlyCollection<Use> Uses => _uses;

    /// <summary>True when the graph takes it from outside (it may have a default in <see cref="Constant"/> too).</summary>
    public bool IsGraphInput { get; internal set; }

    /// <summary>True when the graph gives it out.</summary>
    public bool IsGraphOutput { get; internal set; }

    /// <summary>True for an initializer that nobody outside can replace.</summary>
    public bool IsConstant => Constant is not null && !IsGraphInput;

    /// <summary>The element type, if it is a tensor and known.</summary>
    public ElementType? ElementType => Constant?.Type ?? (Type as TensorType)?.Element;

    /// <summary>The shape, if it is a tensor and known.</summary>
    public TensorShape? Shape => Constant is { } tensor ? TensorShape.Of(tensor.Dims) : (Type as TensorType)?.Shape;

    /// <summary>Makes every reader, and the graph's output list, take another value instead.</summary>
    /// <param name="replacement">A value of the same graph or one around it.</param>
    /// <remarks>
    /// A graph output keeps its name for the outside: <paramref name="replacement"/> takes the name over
    /// unless it is an input, an initializer or an output itself; then an Identity node is left in between.
    /// </remarks>
    public void ReplaceAllUsesWith(Value replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (ReferenceEquals(this, replacement))
        {
            return;
        }
        foreach (Use use in Uses.ToArray())
        {
            use.Node.SetInput(use.Index, replacement);
        }
        GiveOutputTo(replacement);
    }

    /// <summary>Makes another value the graph's output in place of this one, under the same name; readers stay.</summary>
    /// <param name="replacement">A value of the same graph or one around it.</param>
    /// <remarks>Does nothing when this is no output; see <see cref="ReplaceAllUsesWith"/> for the name.</remarks>
    public void GiveOutputTo(Value replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        if (IsGraphOutput)
        {
            Graph.ReplaceOutput(this, replacement);
        }
    }

    /// <summary>The name and, where known, the type.</summary>
    public override string ToString() => Type is null ? Name : $"{Name}: {Type}";

    /// <summary>The same as <see cref="Metadata"/>, but asking for it makes nothing.</summary>
    internal IReadOnlyCollection<KeyValuePair<string, string>> MetadataOrNone => _metadata ?? (IReadOnlyCollection<KeyValuePair<string, string>>)[];

    /// <summary>What the file holds under numbers that are not known here.</summary>
    internal Google.Protobuf.UnknownFieldSet? Unknown { get; set; }

    internal void AddUse(Node node, int index)
    {
        var use = new Use(node, index);
        switch (_uses)
        {
            case HashSet<Use> many:
                many.Add(use);
                break;
            case Use[] { Length: < MostListed } few when Array.IndexOf(few, use) < 0:
                _uses = (Use[])[.. few, use];
                break;
            case Use[] { Length: MostListed } few:
                _uses = new HashSet<Use>(few) { use };
                break;
            default:
                break;
        }
    }

    internal void RemoveUse(Node node, int index)
    {
        var use = new Use(node, index);
        if (_uses is HashSet<Use> many)
        {
            many.Remove(use);
        }
        else
        {
            _uses = Array.FindAll((Use[])_uses, item => item != use);
        }
    }
}
