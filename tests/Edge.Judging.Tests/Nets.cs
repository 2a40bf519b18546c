using Edge.Graph;

namespace Edge.Judging.Tests;

/// <summary>Nets whose answers can be told by looking at them.</summary>
internal static class Nets
{
    internal const int Side = 12;

    /// <summary>Class 0 is the mean of bright places, class 1 that of dark ones: two 3×3 filters, rectified, averaged, told apart.</summary>
    internal static OnnxModel BrightOrDark(bool softmax = false, int? batch = null)
    {
        var graph = new OnnxGraph("bright-or-dark");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of(batch is { } size ? size : "n", 1, Side, Side));
        float[] filters = [.. Enumerable.Repeat(1 / 9f, 9), .. Enumerable.Repeat(-1 / 9f, 9)];
        Value weight = graph.AddInitializer("w", OnnxTensor.From<float>(filters, 2, 1, 3, 3));
        Value bias = graph.AddInitializer("b", OnnxTensor.From<float>([-0.5f, 0.5f], 2));
        Node conv = graph.AddNode("Conv", [x, weight, bias], ["map"], "conv");
        conv.Attributes.Set("pads", [1L, 1, 1, 1]);
        Value relu = graph.AddNode("Relu", [conv.Outputs[0]!], ["active"], "relu").Outputs[0]!;
        Value pooled = graph.AddNode("GlobalAveragePool", [relu], ["pooled"], "pool").Outputs[0]!;
        Value flat = graph.AddNode("Flatten", [pooled], ["flat"], "flatten").Outputs[0]!;
        Value head = graph.AddInitializer("head", OnnxTensor.From<float>([8, 0, 0, 8], 2, 2));
        Value scores = graph.AddNode("MatMul", [flat, head], ["scores"], "head").Outputs[0]!;
        if (softmax)
        {
            scores = graph.AddNode("Softmax", [scores], ["probabilities"], "softmax").Outputs[0]!;
        }
        graph.AddOutput(scores);
        scores.Type = new TensorType(ElementType.Float, TensorShape.Of(batch is { } rows ? rows : "n", 2));
        return new OnnxModel(graph);
    }

    /// <summary>A net of smooth layers with drawn weights: 6 values to 3 scores.</summary>
    internal static OnnxModel Smooth(int seed = 1)
    {
        var random = new Random(seed);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        var graph = new OnnxGraph("smooth");
        Value x = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 6));
        Value hidden = graph.AddNode("Gemm", [x, graph.AddInitializer("w1", OnnxTensor.From<float>(Draw(60), 6, 10)), graph.AddInitializer("b1", OnnxTensor.From<float>(Draw(10), 10))], ["h"], "dense1").Outputs[0]!;
        Value active = graph.AddNode("Tanh", [hidden], ["a"], "tanh").Outputs[0]!;
        Value scores = graph.AddNode("Gemm", [active, graph.AddInitializer("w2", OnnxTensor.From<float>(Draw(30), 10, 3)), graph.AddInitializer("b2", OnnxTensor.From<float>(Draw(3), 3))], ["y"], "dense2").Outputs[0]!;
        graph.AddOutput(scores);
        return new OnnxModel(graph);
    }

    /// <summary>A dark picture with a bright square of 3×3.</summary>
    internal static float[] Spot(int row, int column)
    {
        float[] picture = new float[Side * Side];
        for (int y = row; y < row + 3; y++)
        {
            picture.AsSpan((y * Side) + column, 3).Fill(1);
        }
        return picture;
    }
}
