using Edge.Graph;
using Edge.Torch;

namespace Edge.Training.Tests.Operators;

/// <summary>Fake quantization while gradients are recorded: the same numbers as at inference, gradients straight through.</summary>
[Collection(nameof(TorchCollection))]
public sealed class QuantizationTests
{
    private const float Scale = 0.1f;

    [Fact]
    public void Run_QuantizedAndBack_GivesTheNumbersOfInference()
    {
        using var executor = new GraphExecutor(Pair());
        using Tensor x = Tensor.From<float>([.. OperatorCase.Values(500, 1), 100, -100], [502]);
        using Tensor inferred = executor.Run(x, training: false);
        using Tensor trained = executor.Run(x, training: true);
        Assert.Equal(inferred.ToArray<float>(), trained.ToArray<float>());
    }

    [Fact]
    public void Run_InsideTheRange_GradientsGoStraightThroughAndClampedGetNone()
    {
        using var executor = new GraphExecutor(Pair());
        using Tensor x = Tensor.From<float>([0.33f, -0.51f, 100, -100], [4]);
        x.RequiresGrad = true;
        using Tensor y = executor.Run(x, training: true);
        using Tensor sum = new Operator("aten::sum").Call(y);
        sum.Backward();
        using Tensor gradient = x.Gradient()!;
        float[] slopes = gradient.ToArray<float>();
        Assert.Equal(1, slopes[0], 1e-6f);
        Assert.Equal(1, slopes[1], 1e-6f);
        Assert.Equal([0f, 0], slopes[2..]);
    }

    [Fact]
    public void Run_TrainedScale_HasTheGradientOfLearnedStepSizes()
    {
        // dy/ds = round(x/s) − x/s inside the range, the limit outside.
        using var executor = new GraphExecutor(Pair(), new GraphExecutorOptions { TrainsSettings = name => name == "scale" });
        using Tensor x = Tensor.From<float>([0.33f, 100], [2]);
        using Tensor y = executor.Run(x, training: true);
        using Tensor sum = new Operator("aten::sum").Call(y);
        sum.Backward();
        using Tensor gradient = Assert.Single(executor.Parameters).Value.Gradient()!;
        Assert.Equal((3 - 3.3f) + 127, gradient.ToArray<float>()[0], 1e-4f);
    }

    private static OnnxModel Pair()
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n"));
        Value scale = graph.AddInitializer("scale", OnnxTensor.Scalar(Scale));
        Value zero = graph.AddInitializer("zero", OnnxTensor.Scalar((sbyte)0));
        Node quantize = graph.AddNode("QuantizeLinear", [input, scale, zero], ["q"]);
        Node back = graph.AddNode("DequantizeLinear", [quantize.Outputs[0], scale, zero], ["y"]);
        graph.AddOutput(back.Outputs[0]!);
        return new OnnxModel(graph);
    }
}
