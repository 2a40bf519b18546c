using Edge.Foundation;
using Edge.Graph;

namespace Edge.Training.FineTuning;

/// <summary>The last layer of a classifier: the Gemm, MatMul or 1×1 Conv that makes its logits.</summary>
public sealed class ModelHead
{
    // What may stand between the last layer and the output: it keeps classes apart.
    private static readonly HashSet<string> Followers =
        ["Softmax", "LogSoftmax", "Sigmoid", "Identity", "Dropout", "Flatten", "Reshape", "Squeeze", "Transpose", "GlobalAveragePool", "ReduceMean", "AveragePool", "Cast"];

    private readonly Value _weight;
    private readonly Value? _bias;
    private readonly List<Node> _followers;
    private readonly int _classAxis;

    private ModelHead(Node layer, Value weight, Value? bias, List<Node> followers, int classAxis)
    {
        Layer = layer;
        _weight = weight;
        _bias = bias;
        _followers = followers;
        _classAxis = classAxis;
    }

    /// <summary>The layer's node.</summary>
    public Node Layer { get; }

    /// <summary>How many classes it tells apart.</summary>
    public int Classes => (int)_weight.Constant!.Dims[_classAxis];

    /// <summary>The names of its weights.</summary>
    public IReadOnlyList<string> Weights => _bias is null ? [_weight.Name] : [_weight.Name, _bias.Name];

    /// <summary>Finds the last layer by walking back from the first output.</summary>
    /// <param name="model">A classifier.</param>
    /// <param name="source">What messages call it.</param>
    /// <exception cref="TrainingException">There is no such layer; the message says what stands in the way.</exception>
    public static ModelHead Find(OnnxModel model, string source)
    {
        ArgumentNullException.ThrowIfNull(model);
        var followers = new List<Node>();
        Value? bias = null;
        Value? value = model.Graph.Outputs.Count > 0 ? model.Graph.Outputs[0] : null;
        while (value?.Producer is { } node)
        {
            if (OwnWeight(node) is { } weight)
            {
                Value? own = node.Is("MatMul") ? bias : node.Input(2);
                return new ModelHead(node, weight, own?.Constant is null ? null : own, followers, ClassAxis(node, weight));
            }
            bool adds = node.Is("Add") && bias is null && (node.Input(0)?.Constant ?? node.Input(1)?.Constant) is not null;
            if (!adds && !(node.Domain.Length == 0 && Followers.Contains(node.OpType)))
            {
                throw Missing(source, $"walking back from the output, {node.Describe()} is met first");
            }
            followers.Add(node);
            int data = adds && node.Input(0)!.Constant is not null ? 1 : 0;
            bias = adds ? node.Input(1 - data) : bias;
            value = node.Input(data);
        }
        throw Missing(source, "the output hangs on no layer with weights");
    }

    /// <summary>Makes the layer anew, for another number of classes.</summary>
    /// <param name="model">The model that the head was found in.</param>
    /// <param name="classes">How many classes there are to be.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    public void Replace(OnnxModel model, int classes, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        int before = Classes;
        long[] dims = [.. _weight.Constant!.Dims];
        dims[_classAxis] = classes;
        long inputs = 1;
        for (int axis = 0; axis < dims.Length; axis++)
        {
            inputs *= axis == _classAxis ? 1 : dims[axis];
        }
        // Glorot and Bengio 2010.
        double limit = Math.Sqrt(6.0 / (inputs + classes));
        var random = new SplitMix64(SplitMix64.Mix(seed, 0x4ead));
        float[] weights = new float[inputs * classes];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)(((random.NextDouble() * 2) - 1) * limit);
        }
        Put(Layer, _weight, OnnxTensor.From<float>(weights, dims));
        if (_bias is not null)
        {
            Node reader = Layer.Inputs.Contains(_bias) ? Layer : _followers.Find(node => node.Inputs.Contains(_bias))!;
            long[] shape = [.. _bias.Constant!.Dims];
            for (int axis = 0; axis < shape.Length; axis++)
            {
                shape[axis] = shape[axis] == before ? classes : shape[axis];
            }
            Put(reader, _bias, OnnxTensor.From<float>(new float[classes], shape));
        }
        Spread(model.Graph, before, classes);
    }

    private static void Put(Node reader, Value value, OnnxTensor tensor)
    {
        if (value.Uses.Count == 1)
        {
            reader.Graph.SetConstant(value, tensor);
            return;
        }
        // Somebody else reads the old one too.
        Value fresh = reader.Graph.AddInitializer(reader.Graph.FreshName(value.Name), tensor);
        reader.SetInput(reader.Inputs.ToList().IndexOf(value), fresh);
    }

    /// <summary>Tells everything behind the layer the new number.</summary>
    private void Spread(OnnxGraph graph, int before, int classes)
    {
        foreach (Node node in _followers)
        {
            if (node.Is("Reshape") && node.Input(1) is { Constant: { } shape } value)
            {
                long[] sizes = shape.ToArray<long>();
                int axis = Array.LastIndexOf(sizes, before);
                if (axis >= 0)
                {
                    sizes[axis] = classes;
                    Put(node, value, OnnxTensor.From<long>(sizes, sizes.Length));
                }
            }
        }
        foreach (Node node in _followers.Append(Layer))
        {
            foreach (Value? output in node.Outputs)
            {
                if (output is { Type: TensorType { Shape: { } shape } type })
                {
                    var sizes = shape.Dimensions.ToArray();
                    int axis = Array.FindLastIndex(sizes, size => size.Size == before);
                    if (axis >= 0)
                    {
                        sizes[axis] = classes;
                    }
                    output.Type = new TensorType(type.Element, new TensorShape(sizes));
                }
            }
        }
    }

    /// <summary>The constant matrix of a layer that may be a head; null for other nodes.</summary>
    private static Value? OwnWeight(Node node)
    {
        bool isLinear = node.Is("Gemm") || node.Is("MatMul");
        bool isPointwise = node.Is("Conv") && node.Attributes.GetInt("group", 1) == 1
            && node.Input(1)?.Constant is { } kernel && kernel.Dims.Skip(2).All(size => size == 1);
        return (isLinear || isPointwise) && node.Input(1) is { Constant: { Type: ElementType.Float, Dims.Length: >= 2 } } weight ? weight : null;
    }

    private static int ClassAxis(Node node, Value weight) =>
        node.Is("Conv") || (node.Is("Gemm") && node.Attributes.GetInt("transB", 0) != 0) ? 0 : weight.Constant!.Dims.Length - 1;

    private static TrainingException Missing(string source, string why) =>
        new($"{source}: no last layer was found (a Gemm, MatMul or 1×1 Conv with float32 weights): {why}; name the weights to train with finetune.train");
}
