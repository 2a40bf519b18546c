using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Torch;

namespace Edge.Training.Tests;

/// <summary>A model of one node, run by ONNX Runtime and by the training engine; gradients against finite differences.</summary>
internal sealed class OperatorCase
{
    private readonly string _op;
    private readonly int _opset;
    private readonly Action<AttributeMap>? _attributes;
    private readonly List<(OnnxTensor? Tensor, bool IsConstant)> _inputs = [];

    public OperatorCase(string op, int opset, Action<AttributeMap>? attributes = null)
    {
        _op = op;
        _opset = opset;
        _attributes = attributes;
    }

    /// <summary>Float results may differ by this much, relative to the largest magnitude among them (or 1).</summary>
    public double Tolerance { get; init; } = 2e-6;

    public bool HasGradient { get; init; } = true;

    /// <summary>Values in no order, from −2 to 2, none close to a kink at 0, ±0.5, 1 or 3.</summary>
    public static float[] Values(int length, int seed)
    {
        var random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)((random.Next(-19, 20) / 10.0) + 0.03 + (random.NextDouble() * 0.04));
        }
        return values;
    }

    public OperatorCase Input(params long[] shape) => Add(Random(shape), false);

    public OperatorCase Weight(params long[] shape) => Add(Random(shape), true);

    public OperatorCase Positive(params long[] shape)
    {
        float[] values = Values((int)Product(shape), _inputs.Count + 7);
        return Add(OnnxTensor.From<float>(Array.ConvertAll(values, value => Math.Abs(value) + 0.1f), shape), true);
    }

    public OperatorCase Constant<T>(T[] values, params long[] shape) where T : unmanaged => Add(OnnxTensor.From<T>(values, shape), true);

    public OperatorCase None() => Add(null, true);

    public void Check()
    {
        CompareWithOnnxRuntime();
        if (HasGradient)
        {
            CompareGradients();
        }
    }

    public OnnxModel Build(bool wide = false)
    {
        var graph = new OnnxGraph("case");
        var inputs = new List<Value?>();
        for (int i = 0; i < _inputs.Count; i++)
        {
            (OnnxTensor? tensor, bool isConstant) = _inputs[i];
            OnnxTensor? value = wide && tensor is { Type: ElementType.Float } ? Widen(tensor) : tensor;
            inputs.Add(value is null ? null
                : isConstant ? graph.AddInitializer($"input{i}", value)
                : graph.AddInput($"input{i}", value.Type, TensorShape.Of(value.Dims)));
        }
        Node node = graph.AddNode(_op, inputs, ["output"], "the node");
        _attributes?.Invoke(node.Attributes);
        node.Outputs[0]!.Type = new TensorType(_inputs[0].Tensor!.Type, null);
        graph.AddOutput(node.Outputs[0]!);
        return new OnnxModel(graph, _opset);
    }

    private void CompareWithOnnxRuntime()
    {
        OnnxModel model = Build();
        var feeds = new Dictionary<string, OnnxTensor>();
        for (int i = 0; i < _inputs.Count; i++)
        {
            if (_inputs[i] is { IsConstant: false, Tensor: { } tensor })
            {
                feeds.Add($"input{i}", tensor);
            }
        }
        using var session = new EngineSession(model);
        OnnxTensor expected = session.Run(feeds)[0];

        long before = Libtorch.LiveTensors;
        using (var executor = new GraphExecutor(model))
        {
            Tensor[] inputs = [.. feeds.Values.Select(ToTorch)];
            using Tensor output = executor.Run(inputs, training: false)[0];
            Array.ForEach(inputs, tensor => tensor.Dispose());
            Assert.Equal(expected.Dims, output.Shape);
            if (expected.Type != ElementType.Float)
            {
                byte[] bytes = new byte[expected.Bytes.Length];
                output.CopyTo(bytes);
                Assert.Equal(expected.Bytes.ToArray(), bytes);
            }
            else
            {
                AssertClose(expected.ToArray<float>(), output.ToArray<float>(), Tolerance);
            }
        }
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    private void CompareGradients()
    {
        using var executor = new GraphExecutor(Build(wide: true));
        var leaves = new List<Tensor>();
        var inputs = new List<Tensor>();
        foreach ((OnnxTensor? tensor, bool isConstant) in _inputs)
        {
            if (tensor is { Type: ElementType.Float } && !isConstant)
            {
                Tensor input = ToTorch(Widen(tensor));
                input.RequiresGrad = true;
                inputs.Add(input);
                leaves.Add(input);
            }
        }
        leaves.AddRange(executor.Parameters.Select(parameter => parameter.Value));
        Assert.NotEmpty(leaves);

        using Tensor weights = Loss(executor, inputs, null, out Tensor loss);
        loss.Backward();
        loss.Dispose();
        const double Step = 1e-5;
        foreach (Tensor leaf in leaves)
        {
            using Tensor gradient = leaf.Gradient()!;
            double[] actual = gradient.ToArray<double>();
            double[] values = leaf.ToArray<double>();
            for (int i = 0; i < values.Length; i++)
            {
                double slope = (LossAt(i, Step) - LossAt(i, -Step)) / (2 * Step);
                Assert.True(Math.Abs(slope - actual[i]) <= 1e-6 * Math.Max(1, Math.Abs(slope)), $"element {i}: autograd {actual[i]}, differences {slope}");
            }

            double LossAt(int i, double delta)
            {
                double[] moved = [.. values];
                moved[i] += delta;
                leaf.CopyFrom(MemoryMarshal.AsBytes<double>(moved));
                Loss(executor, inputs, weights, out Tensor value).Dispose();
                leaf.CopyFrom(MemoryMarshal.AsBytes<double>(values));
                using (value)
                {
                    return value.ToArray<double>()[0];
                }
            }
        }
        inputs.ForEach(input => input.Dispose());
    }

    /// <summary>The sum of the outputs, each with a weight of its own.</summary>
    private static Tensor Loss(GraphExecutor executor, List<Tensor> inputs, Tensor? weights, out Tensor loss)
    {
        using Tensor output = executor.Run(CollectionsMarshal.AsSpan(inputs), training: true)[0];
        Tensor used = weights?.Share() ?? Tensor.From<double>(Array.ConvertAll(Values((int)output.Length, 99), value => (double)value), output.Shape);
        using Tensor product = new Operator("aten::mul", "Tensor").Call(output, used);
        loss = new Operator("aten::sum").Call(product);
        return used;
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        double scale = 1;
        foreach (float value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"element {i}: ONNX Runtime {expected[i]}, here {actual[i]}");
        }
    }

    private static OnnxTensor Widen(OnnxTensor tensor) =>
        OnnxTensor.From<double>(Array.ConvertAll(tensor.ToArray<float>(), value => (double)value), tensor.Dims);

    private static Tensor ToTorch(OnnxTensor tensor) =>
        Tensor.From(TensorConversion.ToDataType(tensor.Type)!.Value, tensor.Bytes.Span, tensor.Dims);

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private OnnxTensor Random(long[] shape) => OnnxTensor.From<float>(Values((int)Product(shape), _inputs.Count + 1), shape);

    private OperatorCase Add(OnnxTensor? tensor, bool isConstant)
    {
        _inputs.Add((tensor, isConstant));
        return this;
    }
}
