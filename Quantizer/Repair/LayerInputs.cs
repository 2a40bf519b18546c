using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Repair;

/// <summary>
/// What a layer with weights reads, as second moments of the values that one output is computed from: <c>H = E[x xᵀ]</c>, for each
/// group of a convolution. A change d of an output channel's weights changes its results by <c>dᵀ H d</c> in the mean square.
/// </summary>
internal sealed class LayerInputs
{
    private const int PlacesPerSample = 128;
    private readonly float[] _patch;
    private readonly Random _random = new(1);
    private readonly int _height;
    private readonly int _width;
    private readonly int _channels;
    private readonly long[] _pads;
    private readonly long[] _strides;
    private readonly long[] _dilations;
    private readonly bool _isConv;

    private LayerInputs(Node node, OnnxTensor weight)
    {
        Node = node;
        _isConv = node.OpType == "Conv";
        bool isTransposed = node.OpType == "Gemm" && node.Attributes.GetInt("transB", 0) != 0;
        Outputs = (int)weight.Dims[Passes.QuantizationPlan.WeightAxis(node)];
        Groups = _isConv ? (int)node.Attributes.GetInt("group", 1) : 1;
        _channels = (int)weight.Dims[_isConv || isTransposed ? 1 : 0];
        (_height, _width) = weight.Dims is [_, _, var height, var width] ? ((int)height, (int)width) : weight.Dims is [_, _, var length] ? (1, (int)length) : (1, 1);
        _pads = Attribute("pads", 0, 4);
        _strides = Attribute("strides", 1, 2);
        _dilations = Attribute("dilations", 1, 2);
        Moments = new float[Groups][];
        _patch = new float[Width];
        for (int group = 0; group < Groups; group++)
        {
            Moments[group] = new float[Width * Width];
        }
    }

    internal Node Node { get; }

    internal int Outputs { get; }

    internal int Groups { get; }

    /// <summary>Weights of one output channel.</summary>
    internal int Width => _channels * _height * _width;

    /// <summary>[Width, Width] for each group.</summary>
    internal float[][] Moments { get; }

    /// <summary>Layers that can be looked at, and are not larger than is worth the time.</summary>
    internal static LayerInputs? Of(Node node, long largest)
    {
        if (node.Input(1)?.Constant is not { Type: ElementType.Float } weight || (node.OpType == "Conv" ? weight.Dims.Length is not (3 or 4) : weight.Dims.Length != 2)
            || node.Attributes.GetString("auto_pad", "NOTSET") != "NOTSET")
        {
            return null;
        }
        var layer = new LayerInputs(node, weight);
        return (long)layer.Outputs * layer.Width * layer.Width <= largest ? layer : null;
    }

    /// <summary>Looks at the inputs of layers, a few places of each sample.</summary>
    internal static void Gather(OnnxModel model, IReadOnlyList<LayerInputs> layers, IReadOnlyList<IReadOnlyDictionary<string, OnnxTensor>> samples, int threads)
    {
        string[] made = [.. layers.Select(layer => layer.Node.Inputs[0]!).Where(value => !value.IsGraphInput).Select(value => value.Name).Distinct()];
        foreach (LayerInputs layer in layers.Where(layer => layer.Node.Inputs[0]!.IsGraphInput))
        {
            foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
            {
                OnnxTensor tensor = sample[layer.Node.Inputs[0]!.Name];
                layer.Add(tensor.AsSpan<float>(), tensor.Dims);
            }
        }
        if (made.Length == 0)
        {
            return;
        }
        OnnxModel part = GraphExtractor.Extract(model, [.. model.Graph.Inputs.Where(input => input.Constant is null).Select(input => input.Name)], made);
        foreach (Value output in part.Graph.Outputs)
        {
            output.Type ??= new TensorType(ElementType.Float, null);
        }
        using var session = new EngineSession(part, new EngineOptions { Threads = threads });
        foreach (IReadOnlyDictionary<string, OnnxTensor> sample in samples)
        {
            IReadOnlyList<OnnxTensor> values = session.Run(sample);
            foreach (LayerInputs layer in layers)
            {
                int index = Array.IndexOf(made, layer.Node.Inputs[0]!.Name);
                if (index >= 0)
                {
                    layer.Add(values[index].AsSpan<float>(), values[index].Dims);
                }
            }
        }
    }

    private void Add(ReadOnlySpan<float> values, long[] dims)
    {
        if (!_isConv)
        {
            int rows = values.Length / Width;
            for (int place = 0; place < Math.Min(rows, PlacesPerSample); place++)
            {
                values.Slice((rows <= PlacesPerSample ? place : _random.Next(rows)) * Width, Width).CopyTo(_patch);
                Add(Moments[0]);
            }
            return;
        }
        (int batch, int height, int width) = ((int)dims[0], dims.Length == 4 ? (int)dims[2] : 1, (int)dims[^1]);
        for (int place = 0; place < PlacesPerSample; place++)
        {
            int image = _random.Next(batch);
            int top = Start(height, _height, 0, dims.Length == 4);
            int left = Start(width, _width, 1, true);
            for (int group = 0; group < Groups; group++)
            {
                for (int channel = 0, index = 0; channel < _channels; channel++)
                {
                    int plane = ((image * _channels * Groups) + (group * _channels) + channel) * height * width;
                    for (int y = 0; y < _height; y++)
                    {
                        int row = top + (y * (int)_dilations[0]);
                        for (int x = 0; x < _width; x++, index++)
                        {
                            int column = left + (x * (int)_dilations[1]);
                            _patch[index] = row >= 0 && row < height && column >= 0 && column < width ? values[plane + (row * width) + column] : 0;
                        }
                    }
                }
                Add(Moments[group]);
            }
        }
    }

    // Where a random output of the convolution begins to read.
    private int Start(int size, int kernel, int axis, bool isAxis)
    {
        if (!isAxis)
        {
            return 0;
        }
        long outputs = ((size + _pads[axis] + _pads[axis + 2] - (_dilations[axis] * (kernel - 1)) - 1) / _strides[axis]) + 1;
        return (int)((_random.Next((int)Math.Max(1, outputs)) * _strides[axis]) - _pads[axis]);
    }

    private void Add(float[] moments)
    {
        for (int row = 0; row < _patch.Length; row++)
        {
            if (_patch[row] != 0)
            {
                Span<float> target = moments.AsSpan(row * _patch.Length, _patch.Length);
                System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(_patch, _patch[row], target, target);
            }
        }
    }

    // A convolution over one axis is one over two, of height 1.
    private long[] Attribute(string name, long unless, int count)
    {
        long[] given = Node.Attributes.GetInts(name, null) is { Length: > 0 } ints ? [.. ints] : [.. Enumerable.Repeat(unless, count)];
        return given.Length == count ? given : count == 4 ? [0, given[0], 0, given[1]] : [1, given[0]];
    }
}
