using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Tests;

/// <summary>A small net with every kind of region, and data for it.</summary>
internal static class QuantizerFixtures
{
    /// <summary>Conv+Relu → MaxPool → Conv, Add of a skip, Relu → GlobalAveragePool → Flatten → Gemm.</summary>
    internal static OnnxModel Net(int seed = 5)
    {
        var random = new Random(seed);
        var graph = new OnnxGraph("net");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 3, 16, 16));
        Value first = Conv(graph, random, x, "conv1", 3, 16);
        Value relu = graph.AddNode("Relu", [first], ["relu1"], "relu1").Outputs[0]!;
        Node pool = graph.AddNode("MaxPool", [relu], ["pool1"], "pool1");
        pool.Attributes.Set("kernel_shape", [2, 2]);
        pool.Attributes.Set("strides", [2, 2]);
        Value second = Conv(graph, random, pool.Outputs[0]!, "conv2", 16, 16);
        Value sum = graph.AddNode("Add", [second, pool.Outputs[0]], ["sum"], "sum").Outputs[0]!;
        Value relu2 = graph.AddNode("Relu", [sum], ["relu2"], "relu2").Outputs[0]!;
        Value average = graph.AddNode("GlobalAveragePool", [relu2], ["average"], "average").Outputs[0]!;
        Value flat = graph.AddNode("Flatten", [average], ["flat"], "flatten").Outputs[0]!;
        Node gemm = graph.AddNode("Gemm", [flat, graph.AddInitializer("fc/weight", Random(random, 0.3f, 10, 16)), graph.AddInitializer("fc/bias", Random(random, 0.1f, 10))], ["logits"], "fc");
        gemm.Attributes.Set("transB", 1);
        gemm.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of("batch", 10));
        graph.AddOutput(gemm.Outputs[0]!);
        return new OnnxModel(graph);
    }

    /// <summary>Conv → Relu → depthwise Conv → Relu → MaxPool → Conv → Relu → GlobalAveragePool → Flatten → Gemm.</summary>
    internal static OnnxModel Chain(int seed = 6)
    {
        var random = new Random(seed);
        var graph = new OnnxGraph("chain");
        Value x = Relu(graph, Conv(graph, random, graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 3, 16, 16)), "a", 3, 16));
        Value weight = graph.AddInitializer("b/weight", Random(random, 0.5f, 16, 1, 3, 3));
        Node depthwise = graph.AddNode("Conv", [x, weight, graph.AddInitializer("b/bias", Random(random, 0.1f, 16))], ["b"], "b");
        depthwise.Attributes.Set("group", 16);
        depthwise.Attributes.Set("pads", [1, 1, 1, 1]);
        Node pool = graph.AddNode("MaxPool", [Relu(graph, depthwise.Outputs[0]!)], ["pool"], "pool");
        pool.Attributes.Set("kernel_shape", [2, 2]);
        pool.Attributes.Set("strides", [2, 2]);
        Value last = Relu(graph, Conv(graph, random, pool.Outputs[0]!, "c", 16, 24));
        Value average = graph.AddNode("GlobalAveragePool", [last], ["average"], "average").Outputs[0]!;
        Value flat = graph.AddNode("Flatten", [average], ["flat"], "flatten").Outputs[0]!;
        Node gemm = graph.AddNode("Gemm", [flat, graph.AddInitializer("d/weight", Random(random, 0.3f, 10, 24)), graph.AddInitializer("d/bias", Random(random, 0.1f, 10))], ["logits"], "d");
        gemm.Attributes.Set("transB", 1);
        gemm.Outputs[0]!.Type = new TensorType(ElementType.Float, TensorShape.Of("batch", 10));
        graph.AddOutput(gemm.Outputs[0]!);
        return new OnnxModel(graph);
    }

    /// <summary>Rescales channels between layers by up to a hundred, back in the next layer: the same function, hard to quantize.</summary>
    internal static void Break(OnnxModel model, int seed = 9)
    {
        var random = new Random(seed);
        foreach ((string from, string to, int inputs) in new[] { ("a", "b", 1), ("b", "c", 16) })
        {
            float[] factors = [.. Enumerable.Range(0, 16).Select(_ => MathF.Pow(100, random.NextSingle()))];
            Change(model, from + "/weight", (place, length) => factors[place / (length / 16)]);
            Change(model, from + "/bias", (place, _) => factors[place]);
            Change(model, to + "/weight", (place, _) => 1 / factors[inputs == 1 ? place / 9 : place / 9 % inputs]);
        }
    }

    private static void Change(OnnxModel model, string name, Func<int, int, float> factor)
    {
        Value value = model.Graph.Find(name)!;
        float[] data = value.Constant!.ToArray<float>();
        model.Graph.SetConstant(value, OnnxTensor.From<float>([.. data.Select((number, place) => number * factor(place, data.Length))], value.Constant.Dims));
    }

    private static Value Relu(OnnxGraph graph, Value value) => graph.AddNode("Relu", [value], [value.Name + "_relu"], value.Name + "_relu").Outputs[0]!;

    internal static IEnumerable<IReadOnlyDictionary<string, OnnxTensor>> Batches(int count, int seed = 11, int images = 4)
    {
        var random = new Random(seed);
        for (int index = 0; index < count; index++)
        {
            yield return new Dictionary<string, OnnxTensor> { ["x"] = Random(random, 1, images, 3, 16, 16) };
        }
    }

    /// <summary>Signal to quantization noise of the first output over some batches, in decibels.</summary>
    internal static double Sqnr(OnnxModel expected, OnnxModel actual, int batches = 8)
    {
        using var one = new EngineSession(expected);
        using var other = new EngineSession(actual);
        double signal = 0;
        double noise = 0;
        foreach (IReadOnlyDictionary<string, OnnxTensor> batch in Batches(batches, seed: 23))
        {
            float[] a = one.Run(batch)[0].ToArray<float>();
            float[] b = other.Run(batch)[0].ToArray<float>();
            for (int index = 0; index < a.Length; index++)
            {
                signal += a[index] * (double)a[index];
                noise += (a[index] - (double)b[index]) * (a[index] - (double)b[index]);
            }
        }
        return 10 * Math.Log10(signal / noise);
    }

    internal static OnnxTensor Random(Random random, float size, params long[] dims)
    {
        float[] data = new float[dims.Aggregate(1L, (product, dim) => product * dim)];
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = ((2 * random.NextSingle()) - 1) * size;
        }
        return OnnxTensor.From<float>(data, dims);
    }

    internal static Value Conv(OnnxGraph graph, Random random, Value x, string name, int from, int to)
    {
        Value weight = graph.AddInitializer(name + "/weight", Random(random, 0.3f, to, from, 3, 3));
        Value bias = graph.AddInitializer(name + "/bias", Random(random, 0.1f, to));
        Node conv = graph.AddNode("Conv", [x, weight, bias], [name], name);
        conv.Attributes.Set("pads", [1, 1, 1, 1]);
        return conv.Outputs[0]!;
    }
}
