using System.Runtime.InteropServices;
using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Inference;
using Edge.Torch;

namespace Edge.Training.Tests;

/// <summary>
/// A model of one node, run three ways: ONNX Runtime on the source, the training engine, ONNX Runtime on what the engine wrote
/// back with other weights. Gradients are held against finite differences in double precision.
/// </summary>
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

    /// <summary>How many outputs the node has.</summary>
    public int Outputs { get; init; } = 1;

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

    /// <summary>An input between two limits.</summary>
    public OperatorCase Between(float least, float most, params long[] shape)
    {
        float[] values = Values((int)Product(shape), _inputs.Count + 5);
        return Add(OnnxTensor.From<float>(Array.ConvertAll(values, value => least + ((value + 2) / 4.1f * (most - least))), shape), false);
    }

    public OperatorCase Constant<T>(T[] values, params long[] shape) where T : unmanaged => Add(OnnxTensor.From<T>(values, shape), true);

    public OperatorCase Given(OnnxTensor tensor) => Add(tensor, true);

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
        Node node = graph.AddNode(_op, inputs, [.. Enumerable.Range(0, Outputs).Select(i => i == 0 ? "output" : $"output{i}")], "the node");
        _attributes?.Invoke(node.Attributes);
        foreach (Value? output in node.Outputs)
        {
            graph.AddOutput(output!);
        }
        var model = new OnnxModel(graph, _opset) { IrVersion = _opset > 21 ? 11 : _opset > 18 ? 9 : 8 };
        ShapeInference.Run(model);
        return model;
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
        long before = Libtorch.LiveTensors;
        using (var executor = new GraphExecutor(model))
        {
            CompareOnce(model, executor, feeds);
            if (executor.Parameters.Count > 0)
            {
                foreach (Parameter parameter in executor.Parameters)
                {
                    float[] values = Array.ConvertAll(parameter.Value.ToArray<float>(), value => value * 1.25f);
                    parameter.Value.CopyFrom(MemoryMarshal.AsBytes<float>(values));
                }
                executor.WriteBack();
                CompareOnce(OnnxModel.Parse(model.ToBytes()), executor, feeds);
            }
        }
        Assert.Equal(before, Libtorch.LiveTensors);
    }

    private void CompareOnce(OnnxModel model, GraphExecutor executor, Dictionary<string, OnnxTensor> feeds)
    {
        using var session = new EngineSession(model);
        IReadOnlyList<OnnxTensor> expected = session.Run(feeds);
        Dictionary<string, Tensor> inputs = feeds.ToDictionary(pair => pair.Key, pair => TensorConversion.ToTorch(pair.Value, pair.Key));
        Tensor[] outputs = executor.Run(inputs, RunMode.Inference);
        foreach (Tensor input in inputs.Values)
        {
            input.Dispose();
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            using Tensor output = outputs[i];
            Assert.Equal(expected[i].Dims, output.Shape);
            OnnxTensor actual = TensorConversion.ToOnnx(output, expected[i].Type);
            if (expected[i].Type != ElementType.Float)
            {
                Assert.Equal(expected[i].Bytes.ToArray(), actual.Bytes.ToArray());
            }
            else
            {
                AssertClose(expected[i].ToArray<float>(), actual.ToArray<float>(), Tolerance);
            }
        }
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
                Tensor input = TensorConversion.ToTorch(Widen(tensor), "input");
                input.RequiresGrad = true;
                inputs.Add(input);
                leaves.Add(input);
            }
        }
        leaves.AddRange(executor.Parameters.Select(parameter => parameter.Value));
        Assert.NotEmpty(leaves);

        using (Tensor loss = Loss(executor, inputs))
        {
            loss.Backward();
        }
        const double Step = 1e-5;
        foreach (Tensor leaf in leaves)
        {
            using Tensor? gradient = leaf.Gradient();
            double[] values = leaf.ToArray<double>();
            double[] actual = gradient?.ToArray<double>() ?? new double[values.Length];
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
                using Tensor value = Loss(executor, inputs);
                leaf.CopyFrom(MemoryMarshal.AsBytes<double>(values));
                return value.ToArray<double>()[0];
            }
        }
        inputs.ForEach(input => input.Dispose());
    }

    /// <summary>The sum of all outputs that are real numbers, each element with a weight of its own.</summary>
    private static Tensor Loss(GraphExecutor executor, List<Tensor> inputs)
    {
        Tensor total = Tensor.From<double>([0], []);
        foreach (Tensor output in executor.Run(CollectionsMarshal.AsSpan(inputs), training: true))
        {
            using (output)
            {
                if (output.Type != DataType.Float64)
                {
                    continue;
                }
                double[] numbers = Array.ConvertAll(Values((int)output.Length, 99), value => (double)value);
                using Tensor weights = Tensor.From<double>(numbers, output.Shape);
                using Tensor product = new Operator("aten::mul", "Tensor").Call(output, weights);
                using Tensor sum = new Operator("aten::sum").Call(product);
                using Tensor before = total;
                total = new Operator("aten::add", "Tensor").Call(before, sum);
            }
        }
        return total;
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        double scale = 1;
        foreach (float value in expected)
        {
            scale = Math.Max(scale, float.IsFinite(value) ? Math.Abs(value) : 0);
        }
        for (int i = 0; i < expected.Length; i++)
        {
            bool isSame = expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * scale;
            Assert.True(isSame, $"element {i}: ONNX Runtime {expected[i]}, here {actual[i]}");
        }
    }

    private static OnnxTensor Widen(OnnxTensor tensor) =>
        OnnxTensor.From<double>(Array.ConvertAll(tensor.ToArray<float>(), value => (double)value), tensor.Dims);

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private OnnxTensor Random(long[] shape) => OnnxTensor.From<float>(Values((int)Product(shape), _inputs.Count + 1), shape);

    private OperatorCase Add(OnnxTensor? tensor, bool isConstant)
    {
        _inputs.Add((tensor, isConstant));
        return this;
    }
}
