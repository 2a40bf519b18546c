using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Edge.Graph;

/// <summary>The attributes of a node, in the order in which they were set.</summary>
/// <remarks>Each <c>Get…</c> throws <see cref="ModelFormatException"/> when the attribute holds something of another kind.</remarks>
public sealed class AttributeMap : IReadOnlyCollection<NodeAttribute>
{
    private readonly Node _node;
    private NodeAttribute[] _items = [];

    internal AttributeMap(Node node) => _node = node;

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <summary>Is there an attribute of that name?</summary>
    /// <param name="name">The attribute's name.</param>
    public bool Contains(string name) => Find(name) is not null;

    /// <summary>The attribute itself.</summary>
    /// <param name="name">The attribute's name.</param>
    public NodeAttribute? Find(string name) => Array.Find(_items, item => item.Name == name);

    /// <summary>A whole number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    public long GetInt(string name, long fallback) => TryGet(name, AttributeKind.Int, out long value) ? value : fallback;

    /// <summary>A number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    public float GetFloat(string name, float fallback) => TryGet(name, AttributeKind.Float, out float value) ? value : fallback;

    /// <summary>A string.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    public string GetString(string name, string fallback) =>
        TryGet(name, AttributeKind.String, out byte[]? value) ? Encoding.UTF8.GetString(value) : fallback;

    /// <summary>A list of whole numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public long[]? GetInts(string name, long[]? fallback) => TryGet(name, AttributeKind.Ints, out long[]? value) ? value : fallback;

    /// <summary>A list of numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public float[]? GetFloats(string name, float[]? fallback) => TryGet(name, AttributeKind.Floats, out float[]? value) ? value : fallback;

    /// <summary>A list of strings.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="fallback">The operator's default.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public string[]? GetStrings(string name, string[]? fallback) =>
        TryGet(name, AttributeKind.Strings, out byte[][]? value) ? Array.ConvertAll(value, Encoding.UTF8.GetString) : fallback;

    /// <summary>A tensor, or null where the attribute is not set.</summary>
    /// <param name="name">The attribute's name.</param>
    public OnnxTensor? GetTensor(string name) => TryGet(name, AttributeKind.Tensor, out OnnxTensor? value) ? value : null;

    /// <summary>A graph, or null where the attribute is not set.</summary>
    /// <param name="name">The attribute's name.</param>
    public OnnxGraph? GetGraph(string name) => TryGet(name, AttributeKind.Graph, out OnnxGraph? value) ? value : null;

    /// <summary>Sets a whole number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, long value) => Set(new NodeAttribute(name, AttributeKind.Int, value));

    /// <summary>Sets a number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, float value) => Set(new NodeAttribute(name, AttributeKind.Float, value));

    /// <summary>Sets a string.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, string value) => Set(new NodeAttribute(name, AttributeKind.String, Encoding.UTF8.GetBytes(value)));

    /// <summary>Sets a list of whole numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, long[] value) => Set(new NodeAttribute(name, AttributeKind.Ints, value));

    /// <summary>Sets a list of numbers.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, float[] value) => Set(new NodeAttribute(name, AttributeKind.Floats, value));

    /// <summary>Sets a tensor.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">The content.</param>
    public void Set(string name, OnnxTensor value) => Set(new NodeAttribute(name, AttributeKind.Tensor, value));

    /// <summary>Sets an attribute, in place of one of the same name.</summary>
    /// <param name="attribute">The attribute.</param>
    public void Set(NodeAttribute attribute)
    {
        ArgumentNullException.ThrowIfNull(attribute);
        int index = Array.FindIndex(_items, item => item.Name == attribute.Name);
        if (index < 0)
        {
            _items = [.. _items, attribute];
        }
        else
        {
            _items[index] = attribute;
        }
    }

    /// <summary>Adds attributes of which no two have one name.</summary>
    internal void AddDistinct(IEnumerable<NodeAttribute> attributes) => _items = [.. _items, .. attributes];

    /// <summary>Takes an attribute away, if it is there.</summary>
    /// <param name="name">The attribute's name.</param>
    public bool Remove(string name)
    {
        int count = _items.Length;
        _items = Array.FindAll(_items, item => item.Name != name);
        return _items.Length < count;
    }

    /// <summary>Every graph in the attributes: the branches of an If, the body of a Loop.</summary>
    public IEnumerable<OnnxGraph> Subgraphs()
    {
        foreach (NodeAttribute item in _items)
        {
            switch (item.Content)
            {
                case OnnxGraph graph:
                    yield return graph;
                    break;
                case OnnxGraph[] graphs:
                    foreach (OnnxGraph graph in graphs)
                    {
                        yield return graph;
                    }
                    break;
                default:
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<NodeAttribute> GetEnumerator() => ((IEnumerable<NodeAttribute>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool TryGet<T>(string name, AttributeKind kind, [NotNullWhen(true)] out T? value)
    {
        NodeAttribute? item = Find(name);
        if (item?.Content is null)
        {
            value = default;
            return false;
        }
        if (item.Kind != kind)
        {
            throw new ModelFormatException($"{_node.Describe()}: attribute '{name}' is of kind {item.Kind}, {kind} is expected; export the model again");
        }
        value = (T)item.Content!;
        return true;
    }
}
