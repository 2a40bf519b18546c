using Edge.Graph;
using Edge.Torch;
using Edge.Training.Losses;
using Edge.Training.Optimizers;

namespace Edge.Training.Tests;

[Collection(nameof(TorchCollection))]
public sealed class MemoryTests
{
    private const int Warmup = 200;
    private const int Steps = 1000;
    private const long Slack = 8 << 20;

    [Fact]
    public void Run_AThousandTrainingSteps_LeavesNoTensorsAndNoMemory()
    {
        long outside = Libtorch.LiveTensors;
        using (var executor = new GraphExecutor(Model()))
        using (Optimizer optimizer = new AdamOptions().Create(executor.Parameters))
        {
            var loss = new CrossEntropy(0);
            using Tensor x = Tensor.From<float>(OperatorCase.Values(8 * 2 * 12 * 12, 1), [8, 2, 12, 12]);
            using Tensor labels = Tensor.From<long>([0, 1, 2, 0, 1, 2, 0, 1], [8]);
            for (int i = 0; i < Warmup; i++)
            {
                Step(executor, optimizer, loss, x, labels);
            }
            long tensors = Libtorch.LiveTensors;
            long resident = Resident();
            for (int i = 0; i < Steps; i++)
            {
                Step(executor, optimizer, loss, x, labels);
            }
            Assert.Equal(tensors, Libtorch.LiveTensors);
            Assert.InRange(Resident() - resident, long.MinValue, Slack);
        }
        Assert.Equal(outside, Libtorch.LiveTensors);
    }

    [Fact]
    public void Run_TrainingSteps_AllocateTheSameEachTime()
    {
        using var executor = new GraphExecutor(Model());
        using Optimizer optimizer = new AdamOptions().Create(executor.Parameters);
        var loss = new CrossEntropy(0);
        using Tensor x = Tensor.From<float>(OperatorCase.Values(8 * 2 * 12 * 12, 1), [8, 2, 12, 12]);
        using Tensor labels = Tensor.From<long>([0, 1, 2, 0, 1, 2, 0, 1], [8]);
        long first = Allocated();
        long second = Allocated();
        Assert.InRange(second, 0, first + 4096);

        long Allocated()
        {
            for (int i = 0; i < Warmup; i++)
            {
                Step(executor, optimizer, loss, x, labels);
            }
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 50; i++)
            {
                Step(executor, optimizer, loss, x, labels);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static void Step(GraphExecutor executor, Optimizer optimizer, CrossEntropy loss, Tensor x, Tensor labels)
    {
        using Tensor logits = executor.Run(x, training: true);
        using Tensor value = loss.Compute(logits, labels);
        value.Backward();
        optimizer.Step(1e-3);
        optimizer.Set.ClearGradients();
    }

    private static long Resident() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    /// <summary>Convolution, normalisation, pool, a gate over shapes computed in the graph, a recurrent layer, and a classifier.</summary>
    private static OnnxModel Model()
    {
        var graph = new OnnxGraph("g");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of("n", 2, 12, 12));
        Node conv = graph.AddNode("Conv", [input, Weight("filter", 4, 2, 3, 3), Weight("bias", 4)], ["conv"]);
        Value[] channels = [Weight("scale", 4), Weight("shift", 4), graph.AddInitializer("mean", OnnxTensor.From<float>(new float[4], 4)), graph.AddInitializer("variance", OnnxTensor.From<float>([1, 1, 1, 1], 4))];
        Node normal = graph.AddNode("BatchNormalization", [conv.Outputs[0], .. channels], ["normal"]);
        Node relu = graph.AddNode("Relu", [normal.Outputs[0]], ["relu"]);
        Node pool = graph.AddNode("MaxPool", [relu.Outputs[0]], ["pool"]);
        pool.Attributes.Set("kernel_shape", [2L, 2]);
        pool.Attributes.Set("strides", [2L, 2]);
        Node shape = graph.AddNode("Shape", [pool.Outputs[0]], ["shape"]);
        Node batch = graph.AddNode("Gather", [shape.Outputs[0], graph.AddInitializer("first", OnnxTensor.From<long>([0], 1))], ["batch"]);
        Node wanted = graph.AddNode("Concat", [batch.Outputs[0], graph.AddInitializer("rest", OnnxTensor.From<long>([10, 10], 2))], ["wanted"]);
        wanted.Attributes.Set("axis", 0L);
        Node rows = graph.AddNode("Reshape", [pool.Outputs[0], wanted.Outputs[0]], ["rows"]);
        Node times = graph.AddNode("Transpose", [rows.Outputs[0]], ["times"]);
        times.Attributes.Set("perm", [1L, 0, 2]);
        Node lstm = graph.AddNode("LSTM", [times.Outputs[0], Weight("w", 1, 12, 10), Weight("r", 1, 12, 3), Weight("b", 1, 24)], ["", "last"]);
        lstm.Attributes.Set("hidden_size", 3L);
        Node flat = graph.AddNode("Squeeze", [lstm.Outputs[1], graph.AddInitializer("front", OnnxTensor.From<long>([0], 1))], ["logits"]);
        graph.AddOutput(flat.Outputs[0]!);
        return new OnnxModel(graph);

        Value Weight(string name, params long[] dims) =>
            graph.AddInitializer(name, OnnxTensor.From<float>(OperatorCase.Values((int)dims.Aggregate(1L, (a, b) => a * b), name.Length), dims));
    }
}
