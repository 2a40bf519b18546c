using Edge.Foundation;
using Edge.Graph;

namespace Edge.Training.FineTuning;

/// <summary>
/// The layers of a detector, laid out as YOLOX's, that tell classes apart: a convolution a level whose filters are the classes, or
/// the box, the object and the classes.
/// </summary>
public sealed class BoxHead
{
    private const int Fixed = 5;
    // As rare as objects are: the first scores are about 1 in 100.
    private const float PriorLogit = -4.6f;
    private const float Spread = 0.01f;

    // What may stand between these layers and the output: it keeps channels apart.
    private static readonly HashSet<string> Followers = ["Sigmoid", "Identity", "Reshape", "Flatten", "Transpose", "Cast"];

    private readonly List<(Node Layer, int First)> _layers = [];
    private readonly HashSet<Node> _followers = [];
    private readonly int _width;

    private BoxHead(int width) => _width = width;

    /// <summary>How many classes they tell apart.</summary>
    public int Classes => _width - Fixed;

    /// <summary>The names of their weights, those of boxes and objects included where one layer makes them all.</summary>
    public IReadOnlyList<string> Weights => [.. _layers.SelectMany(layer => layer.Layer.Inputs.Skip(1).Select(value => value!.Name))];

    /// <summary>Finds the layers by walking back from the first output.</summary>
    /// <param name="model">A detector whose output is [N, cells, 5 + classes].</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="TrainingException">There are no such layers; the message says what stands in the way.</exception>
    public static BoxHead Find(OnnxModel model, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (model.Graph.Outputs is not [var output, ..] || output.Shape is not { Rank: 3 } shape || shape[2].Size is not { } width || width <= Fixed)
        {
            throw Missing(source, "its first output is not [N, cells, 5 + classes]");
        }
        var head = new BoxHead((int)width);
        head.Walk(output, [], source);
        return head._layers.Count > 0 ? head : throw Missing(source, $"no convolution gives {width} channels, or {head.Classes}");
    }

    /// <summary>Makes the layers anew, for other classes; what they say of boxes and objects stays.</summary>
    /// <param name="model">The model that the head was found in.</param>
    /// <param name="classes">How many classes there are to be.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    public void Replace(OnnxModel model, int classes, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var random = new SplitMix64(SplitMix64.Mix(seed, 0xb0e5));
        foreach ((Node layer, int first) in _layers)
        {
            Put(layer, 1, first, classes, () => (float)((random.NextDouble() * 2) - 1) * Spread);
            if (layer.Input(2) is not null)
            {
                Put(layer, 2, first, classes, () => PriorLogit);
            }
        }
        foreach (Node node in _followers)
        {
            if (node.Is("Reshape") && node.Input(1) is { Constant: { } sizes } value)
            {
                long[] after = Array.ConvertAll(sizes.ToArray<long>(), size => size == _width ? Fixed + classes : size == Classes ? classes : size);
                Exchange(node, 1, value, OnnxTensor.From<long>(after, after.Length));
            }
        }
        foreach (Value value in _followers.Concat(_layers.Select(layer => layer.Layer)).SelectMany(node => node.Outputs).OfType<Value>())
        {
            value.Type = value.IsGraphOutput && value.Type is TensorType { Shape: { } shape } type
                ? new TensorType(type.Element, TensorShape.Of(shape[0], shape[1], Fixed + classes))
                : null;
        }
    }

    /// <summary>Channels that a value has, found out on the way; layers and followers behind the output are collected.</summary>
    private int Walk(Value value, List<Node> way, string source)
    {
        if (value.Producer is not { } node)
        {
            throw Missing(source, $"walking back from the output, '{value.Name}' is met first");
        }
        if (node.Is("Conv") && node.Input(1)?.Constant is { Type: ElementType.Float } weight)
        {
            int channels = (int)weight.Dims[0];
            if (channels == _width)
            {
                Take(node, Fixed, way);
            }
            return channels;
        }
        List<Node> longer = [.. way, node];
        if (!node.Is("Concat"))
        {
            return node.Domain.Length == 0 && Followers.Contains(node.OpType) ? Walk(node.Input(0)!, longer, source) : throw Missing(source, $"walking back from the output, {node.Describe()} is met first");
        }
        int[] parts = [.. node.Inputs.Select(input => Walk(input!, longer, source))];
        if (parts.All(part => part == _width))
        {
            // Levels, one behind the other.
            return _width;
        }
        if (parts.Sum() != _width || parts[^1] != Classes)
        {
            throw Missing(source, $"{node.Describe()} joins {string.Join(" + ", parts)} channels, not box, object and {Classes} classes");
        }
        Value last = node.Inputs[^1]!;
        while (!last.Producer!.Is("Conv"))
        {
            longer.Add(last.Producer);
            last = last.Producer.Input(0)!;
        }
        Take(last.Producer, 0, longer);
        return _width;
    }

    private void Take(Node layer, int first, List<Node> way)
    {
        _layers.Add((layer, first));
        _followers.UnionWith(way);
    }

    // The filters before the first class stay; the others are drawn.
    private static void Put(Node layer, int input, int first, int classes, Func<float> draw)
    {
        Value value = layer.Input(input)!;
        OnnxTensor old = value.Constant!;
        long[] dims = [.. old.Dims];
        long each = dims.Skip(1).Aggregate(1L, (product, size) => product * size);
        dims[0] = first + classes;
        float[] numbers = new float[dims[0] * each];
        old.ToArray<float>().AsSpan(0, (int)(first * each)).CopyTo(numbers);
        foreach (ref float number in numbers.AsSpan((int)(first * each)))
        {
            number = draw();
        }
        Exchange(layer, input, value, OnnxTensor.From<float>(numbers, dims));
    }

    private static void Exchange(Node node, int input, Value value, OnnxTensor tensor)
    {
        if (value.Uses.Count == 1)
        {
            node.Graph.SetConstant(value, tensor);
            return;
        }
        // Somebody else reads the old one too.
        node.SetInput(input, node.Graph.AddInitializer(node.Graph.FreshName(value.Name), tensor));
    }

    private static TrainingException Missing(string source, string why) =>
        new($"{source}: the layers that tell its classes apart were not found: {why}; train detectors whose output is YOLOX's, with the classes that they have");
}
