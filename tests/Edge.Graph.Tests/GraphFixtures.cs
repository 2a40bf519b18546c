namespace Edge.Graph.Tests;

/// <summary>Small models that the tests share.</summary>
internal static class GraphFixtures
{
    /// <summary>x → Conv → BatchNormalization → Relu → Dropout → y, with weights that are not all alike.</summary>
    internal static OnnxModel ConvNormRelu()
    {
        var random = new Random(7);
        var graph = new OnnxGraph("conv-norm-relu");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("batch", 3, 8, 8));
        Value weight = graph.AddInitializer("weight", Random(random, -1, 4, 3, 3, 3));
        Value conv = graph.AddNode("Conv", [x, weight], ["conv"], "conv1").Outputs[0]!;
        Node norm = graph.AddNode("BatchNormalization",
            [conv, graph.AddInitializer("scale", Random(random, 0.5f, 4)), graph.AddInitializer("shift", Random(random, -1, 4)),
                graph.AddInitializer("mean", Random(random, -1, 4)), graph.AddInitializer("variance", Random(random, 0.1f, 4))],
            ["norm"], "norm1");
        Value relu = graph.AddNode("Relu", [norm.Outputs[0]], ["relu"], "relu1").Outputs[0]!;
        Value y = graph.AddNode("Dropout", [relu], ["y"], "drop1").Outputs[0]!;
        y.Type = new TensorType(ElementType.Float, null);
        graph.AddOutput(y);
        return new OnnxModel(graph);
    }

    internal static OnnxTensor Random(Random random, float minimum, params long[] dims)
    {
        float[] data = new float[dims.Aggregate(1L, (product, dim) => product * dim)];
        for (int index = 0; index < data.Length; index++)
        {
            data[index] = minimum + random.NextSingle();
        }
        return OnnxTensor.From<float>(data, dims);
    }
}
