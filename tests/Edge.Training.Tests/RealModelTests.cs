using Edge.Graph;
using Edge.Graph.Execution;
using Edge.Graph.Passes;
using Edge.Testing;
using Edge.Torch;
using Edge.Training.Optimizers;

namespace Edge.Training.Tests;

/// <summary>Models that others made: forward as ONNX Runtime has it, one step of an optimizer, and back into a file.</summary>
[Collection(nameof(TorchCollection))]
public sealed class RealModelTests(ITestOutputHelper output)
{
    // Sums of thousands of products in another order.
    private const double Tolerance = 5e-4;

    [Theory]
    [InlineData("yolox-nano/yolox_nano_416x416.onnx", 255f)]
    [InlineData("ultraface/version-RFB-320.onnx", 1f)]
    [InlineData("ultraface/version-RFB-320_simplified.onnx", 1f)]
    [InlineData("yunet/yunet_n_320_320.onnx", 255f)]
    [InlineData("mlperf-tiny/kws_ref_model.dequantized.onnx", 50f)]
    [InlineData("mnist/mnist.onnx", 255f)]
    [InlineData("blazeface/face_detection_front_128x128_barracuda.onnx", 1f)]
    [InlineData("fastestdet/FastestDet.onnx", 1f)]
    public void Run_ImportedModel_EqualsOnnxRuntimeBeforeAndAfterAStep(string file, float range)
    {
        OnnxModel model = OnnxModel.Load(SharedData.Path(["models", .. file.Split('/')]));
        var random = new Random(5);
        var feeds = new Dictionary<string, OnnxTensor>();
        foreach (Value input in model.Graph.Inputs.Where(value => value.Constant is null))
        {
            long[] dims = [.. input.Shape!.Dimensions.Select(dimension => dimension.Size ?? 1)];
            float[] values = new float[dims.Aggregate(1L, (a, b) => a * b)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = random.NextSingle() * range;
            }
            feeds[input.Name] = OnnxTensor.From<float>(values, dims);
        }
        Check(model, feeds, file);
    }

    [Fact]
    public void Run_SileroVad_EqualsOnnxRuntimeThroughItsBranches()
    {
        OnnxModel model = OnnxModel.Load(SharedData.Path("models", "silero-vad", "silero_vad_v5.onnx"));
        // Its weights stand in Constant nodes inside the branches; import makes initializers of them.
        new MoveConstantsToInitializers().Run(model);
        float[] sound = new float[512];
        for (int i = 0; i < sound.Length; i++)
        {
            sound[i] = 0.3f * MathF.Sin(i * 0.11f);
        }
        var feeds = new Dictionary<string, OnnxTensor>
        {
            ["input"] = OnnxTensor.From<float>(sound, 1, 512),
            ["state"] = OnnxTensor.From<float>(OperatorCase.Values(256, 2), 2, 1, 128),
            ["sr"] = OnnxTensor.Scalar(16000L),
        };
        Check(model, feeds, "silero-vad");
    }

    private void Check(OnnxModel model, Dictionary<string, OnnxTensor> feeds, string name)
    {
        using var executor = new GraphExecutor(model);
        Dictionary<string, Tensor> inputs = feeds.ToDictionary(pair => pair.Key, pair => TensorConversion.ToTorch(pair.Value, pair.Key));
        double before = Compare(executor, OnnxModel.Parse(model.ToBytes()), feeds, inputs);
        Assert.InRange(before, 0, Tolerance);

        double loss = Step(executor, inputs);
        using Tensor lower = Loss(executor, inputs);
        Assert.True(lower.Item() < loss, $"loss {loss} became {lower.Item()}");

        executor.WriteBack();
        double after = Compare(executor, OnnxModel.Parse(model.ToBytes()), feeds, inputs);
        Assert.InRange(after, 0, Tolerance);
        output.WriteLine($"{name}: max relative error {before:E1}, after a step {after:E1}; loss {loss:G6} → {lower.Item():G6}");
        foreach (Tensor tensor in inputs.Values)
        {
            tensor.Dispose();
        }
    }

    /// <summary>The largest difference, relative to the largest magnitude of each output.</summary>
    private static double Compare(GraphExecutor executor, OnnxModel model, Dictionary<string, OnnxTensor> feeds, Dictionary<string, Tensor> inputs)
    {
        using var session = new EngineSession(model);
        IReadOnlyList<OnnxTensor> expected = session.Run(feeds);
        Tensor[] actual = executor.Run(inputs, RunMode.Inference);
        double worst = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            using Tensor tensor = actual[i];
            Assert.Equal(expected[i].Dims, tensor.Shape);
            float[] a = expected[i].ToArray<float>();
            float[] b = tensor.ToArray<float>();
            double scale = Math.Max(1e-3, a.Max(Math.Abs));
            worst = Math.Max(worst, a.Zip(b, (x, y) => Math.Abs(x - y) / scale).Max());
        }
        return worst;
    }

    /// <summary>One step down the gradient, as long as takes a hundredth of the loss away to first order.</summary>
    private static double Step(GraphExecutor executor, Dictionary<string, Tensor> inputs)
    {
        using Tensor loss = Loss(executor, inputs);
        loss.Backward();
        double square = 0;
        foreach (Parameter parameter in executor.Parameters)
        {
            using Tensor? gradient = parameter.Value.Gradient();
            square += gradient?.ToArray<float>().Sum(value => (double)value * value) ?? 0;
        }
        Assert.True(square > 0);
        using Optimizer optimizer = new SgdOptions { Momentum = 0, Nesterov = false }.Create(executor.Parameters);
        optimizer.Step(0.01 * loss.Item() / square);
        return loss.Item();
    }

    /// <summary>The mean square of everything that the model gives.</summary>
    private static Tensor Loss(GraphExecutor executor, Dictionary<string, Tensor> inputs)
    {
        Tensor total = Tensor.From<float>([0], []);
        foreach (Tensor result in executor.Run(inputs, RunMode.Gradients))
        {
            using (result)
            {
                using Tensor square = new Operator("aten::mul", "Tensor").Call(result, result);
                using Tensor mean = new Operator("aten::mean").Call(square);
                using Tensor before = total;
                total = new Operator("aten::add", "Tensor").Call(before, mean);
            }
        }
        return total;
    }
}
