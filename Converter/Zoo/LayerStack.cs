using Edge.Foundation;
using Edge.Graph;

namespace Edge.Zoo;

/// <summary>Appends layers to a graph, one behind the other, with initial weights drawn in that order.</summary>
internal sealed class LayerStack
{
    private readonly OnnxGraph _graph;
    private SplitMix64 _random;
    private Value _last;

    public LayerStack(string name, ClassifierOptions options)
    {
        _graph = new OnnxGraph(name);
        _random = new SplitMix64(options.Seed);
        _last = _graph.AddInput("input", ElementType.Float, TensorShape.Of("batch", options.Channels, options.Height, options.Width));
    }

    /// <summary>A convolution without padding, with bias; weights [out, in, size, size].</summary>
    public void Conv(string name, int inputs, int outputs, int size)
    {
        long[] shape = [outputs, inputs, size, size];
        Value weight = _graph.AddInitializer($"{name}/weight", He(shape, inputs * size * size));
        Value bias = Zeros($"{name}/bias", outputs);
        Append("Conv", name, weight, bias).Attributes.Set("kernel_shape", [size, size]);
    }

    public void Relu(string name) => Append("Relu", name);

    public void MaxPool(string name, int size)
    {
        Node node = Append("MaxPool", name);
        node.Attributes.Set("kernel_shape", [size, size]);
        node.Attributes.Set("strides", [size, size]);
    }

    public void Flatten(string name) => Append("Flatten", name);

    /// <summary>A fully connected layer followed by a rectifier; weights [out, in].</summary>
    public void DenseRelu(string name, int inputs, int outputs)
    {
        Dense(name, outputs, He([outputs, inputs], inputs));
        Relu($"{name}/relu");
    }

    /// <summary>The last, fully connected layer.</summary>
    public void DenseLinear(string name, int inputs, int outputs) => Dense(name, outputs, Glorot([outputs, inputs], inputs, outputs));

    /// <summary>Silences units while training; the identity otherwise. A ratio of 0 adds nothing.</summary>
    public void Dropout(string name, float ratio)
    {
        if (ratio > 0)
        {
            Append("Dropout", name, _graph.AddInitializer($"{name}/ratio", OnnxTensor.Scalar(ratio)));
        }
    }

    /// <summary>Names the last value <c>logits</c>, makes it the output and closes the model.</summary>
    public OnnxModel Finish(int classes)
    {
        _graph.Rename(_last, "logits");
        _last.Type = new TensorType(ElementType.Float, TensorShape.Of("batch", classes));
        _graph.AddOutput(_last);
        return new OnnxModel(_graph);
    }

    private void Dense(string name, int outputs, OnnxTensor weights)
    {
        Value weight = _graph.AddInitializer($"{name}/weight", weights);
        Append("Gemm", name, weight, Zeros($"{name}/bias", outputs)).Attributes.Set("transB", 1L);
    }

    private Node Append(string op, string name, params Value[] further)
    {
        Node node = _graph.AddNode(op, [_last, .. further], [$"{name}/out"], name);
        _last = node.Outputs[0]!;
        return node;
    }

    private Value Zeros(string name, int length) => _graph.AddInitializer(name, OnnxTensor.From<float>(new float[length], length));

    /// <summary>He and others 2015: keeps the variance through rectifiers.</summary>
    private OnnxTensor He(long[] shape, int fanIn) => Uniform(shape, Math.Sqrt(6.0 / fanIn));

    /// <summary>Glorot and Bengio 2010: keeps the variance through linear layers, both ways.</summary>
    private OnnxTensor Glorot(long[] shape, int fanIn, int fanOut) => Uniform(shape, Math.Sqrt(6.0 / (fanIn + fanOut)));

    private OnnxTensor Uniform(long[] shape, double limit)
    {
        long length = 1;
        foreach (long size in shape)
        {
            length *= size;
        }
        float[] values = new float[length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(((_random.NextDouble() * 2) - 1) * limit);
        }
        return OnnxTensor.From<float>(values, shape);
    }
}
