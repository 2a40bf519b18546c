using Edge.Graph;

namespace Edge.Cli.Tests.Analysis;

/// <summary>Models made for a test.</summary>
internal static class GeneratedModels
{
    /// <summary>A convolutional net of about so many nodes: blocks of two branches, shortcuts, and skips over half of the net.</summary>
    internal static OnnxModel Large(int nodes)
    {
        var graph = new OnnxGraph("generated");
        Value x = graph.AddInput("picture", ElementType.Float, TensorShape.Of(1, 8, 16, 16));
        Value weight = graph.AddInitializer("weight", Weight(8, 8, 1, 1));
        Value gate = graph.AddInitializer("gate", Weight(8, 8, 3, 3));
        var skips = new Stack<Value>();
        int count = 0;
        Value Add(string operation, params Value[] inputs)
        {
            Node node = graph.AddNode(operation, inputs, [$"t{count}"], $"block/{operation.ToLowerInvariant()}_{count}");
            count++;
            if (inputs is [_, { Name: "gate" }])
            {
                node.Attributes.Set("pads", [1L, 1, 1, 1]);
            }
            return node.Outputs[0]!;
        }
        while (count < nodes - 9)
        {
            Value shortcut = x;
            Value left = Add("Relu", Add("Conv", x, weight));
            Value right = Add("Sigmoid", Add("Conv", x, gate));
            x = Add("Add", Add("Mul", left, right), shortcut);
            x = Add("Add", Add("Relu", Add("Conv", x, weight)), x);
            if (skips.Count < nodes / 90 && count < nodes / 2)
            {
                skips.Push(x);
            }
            else if (count > nodes / 2 && count % 45 < 9 && skips.TryPop(out Value? skip))
            {
                x = Add("Add", x, skip);
            }
        }
        graph.AddOutput(x);
        return new OnnxModel(graph);
    }

    /// <summary>Conv 3×3 of 4 to 8 channels at stride 2, Relu, depthwise Conv, pooling, and a Gemm to 10 classes.</summary>
    internal static OnnxModel Classifier(Dimension batch)
    {
        var graph = new OnnxGraph("classifier");
        Value x = graph.AddInput("picture", ElementType.Float, TensorShape.Of(batch, 4, 16, 16));
        Node first = graph.AddNode("Conv", [x, graph.AddInitializer("w1", Weight(8, 4, 3, 3)), graph.AddInitializer("b1", Weight(8))], ["c1"], "first");
        first.Attributes.Set("strides", [2L, 2]);
        first.Attributes.Set("pads", [1L, 1, 1, 1]);
        Node relu = graph.AddNode("Relu", [first.Outputs[0]], ["r1"], "relu");
        Node depthwise = graph.AddNode("Conv", [relu.Outputs[0], graph.AddInitializer("w2", Weight(8, 1, 3, 3))], ["c2"], "depthwise");
        depthwise.Attributes.Set("group", 8);
        Node pool = graph.AddNode("GlobalAveragePool", [depthwise.Outputs[0]], ["p"], "pool");
        Node flatten = graph.AddNode("Flatten", [pool.Outputs[0]], ["f"], "flatten");
        Node dense = graph.AddNode("Gemm", [flatten.Outputs[0], graph.AddInitializer("w3", Weight(10, 8)), graph.AddInitializer("b3", Weight(10))], ["scores"], "dense");
        dense.Attributes.Set("transB", 1);
        graph.AddOutput(dense.Outputs[0]!);
        return new OnnxModel(graph);
    }

    /// <summary>Numbers that are all different, small, and the same each time.</summary>
    internal static OnnxTensor Weight(params long[] dims)
    {
        float[] data = new float[dims.Aggregate(1L, (a, b) => a * b)];
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = MathF.Sin(index + 1) / MathF.Sqrt(data.Length);
        }
        return OnnxTensor.From<float>(data, dims);
    }
}
