using Edge.Graph;
using Edge.Graph.Schemas;
using Edge.Training.Ops;
using Edge.Training.Tests.Operators;

namespace Edge.Training.Tests;

/// <summary>Every operator of the standard table against ONNX Runtime, and its gradients against finite differences.</summary>
[Collection(nameof(TorchCollection))]
public sealed class OperatorTests
{
    private static readonly Dictionary<string, Func<OperatorCase>> First = new()
    {
        ["Add"] = () => new OperatorCase("Add", 13).Input(2, 3, 4).Weight(3, 1),
        ["Add of integers"] = () => new OperatorCase("Add", 14) { HasGradient = false }.Constant([1L, 2, 3], 3).Constant([10L], 1),
        ["Sub"] = () => new OperatorCase("Sub", 7).Input(2, 3).Weight(3),
        ["Mul"] = () => new OperatorCase("Mul", 14).Input(2, 3).Weight(2, 1),
        ["Div"] = () => new OperatorCase("Div", 14).Input(2, 3).Positive(3),
        ["Div of integers"] = () => new OperatorCase("Div", 14) { HasGradient = false }.Constant([7, -7, 8], 3).Constant([2], 1),

        ["Abs"] = () => new OperatorCase("Abs", 13).Input(2, 9),
        ["Exp"] = () => new OperatorCase("Exp", 13).Input(2, 9),
        ["HardSwish"] = () => new OperatorCase("HardSwish", 14).Input(2, 9),
        ["Log"] = () => new OperatorCase("Log", 13).Positive(2, 9),
        ["Neg"] = () => new OperatorCase("Neg", 13).Input(2, 9),
        ["Relu"] = () => new OperatorCase("Relu", 14).Input(2, 9),
        ["Sigmoid"] = () => new OperatorCase("Sigmoid", 13).Input(2, 9),
        ["Softplus"] = () => new OperatorCase("Softplus", 1).Input(2, 9),
        ["Sqrt"] = () => new OperatorCase("Sqrt", 13).Positive(2, 9),
        ["Tanh"] = () => new OperatorCase("Tanh", 13).Input(2, 9),
        ["Elu"] = () => new OperatorCase("Elu", 6, a => a.Set("alpha", 1.5f)).Input(2, 9),
        ["HardSigmoid"] = () => new OperatorCase("HardSigmoid", 6, a => a.Set("alpha", 0.3f)).Input(2, 9),
        ["LeakyRelu"] = () => new OperatorCase("LeakyRelu", 16, a => a.Set("alpha", 0.2f)).Input(2, 9),
        ["Clip by attributes"] = () => new OperatorCase("Clip", 6, a => { a.Set("min", -1f); a.Set("max", 0.5f); }).Input(2, 9),
        ["Clip by inputs"] = () => new OperatorCase("Clip", 13).Input(2, 9).Constant([-1f]).Constant([0.5f]),
        ["Clip from above"] = () => new OperatorCase("Clip", 13).Input(2, 9).None().Constant([0.5f]),
        ["Clip by nothing"] = () => new OperatorCase("Clip", 13).Input(2, 9),

        ["Conv"] = () => new OperatorCase("Conv", 11, a => a.Set("pads", [1, 1, 1, 1])).Input(2, 3, 5, 5).Weight(4, 3, 3, 3).Weight(4),
        ["Conv without bias"] = () => new OperatorCase("Conv", 22).Input(1, 2, 5, 4).Weight(3, 2, 3, 2),
        ["Conv strided"] = () => new OperatorCase("Conv", 11, a => a.Set("strides", [2, 1])).Input(1, 2, 6, 5).Weight(3, 2, 3, 3).Weight(3),
        ["Conv dilated"] = () => new OperatorCase("Conv", 11, a => a.Set("dilations", [2, 2])).Input(1, 2, 6, 6).Weight(3, 2, 2, 2).Weight(3),
        ["Conv depthwise"] = () => new OperatorCase("Conv", 11, a => a.Set("group", 4L)).Input(1, 4, 4, 4).Weight(4, 1, 3, 3).Weight(4),
        ["Conv in two groups"] = () => new OperatorCase("Conv", 11, a => a.Set("group", 2L)).Input(1, 4, 4, 4).Weight(6, 2, 2, 2).Weight(6),
        ["Conv unevenly padded"] = () => new OperatorCase("Conv", 11, a => a.Set("pads", [0, 1, 2, 0])).Input(1, 2, 4, 4).Weight(3, 2, 3, 3).Weight(3),
        ["Conv SAME_UPPER"] = () => new OperatorCase("Conv", 11, a => { a.Set("auto_pad", "SAME_UPPER"); a.Set("strides", [2, 2]); }).Input(1, 2, 5, 6).Weight(3, 2, 3, 3),
        ["Conv SAME_LOWER"] = () => new OperatorCase("Conv", 11, a => { a.Set("auto_pad", "SAME_LOWER"); a.Set("strides", [2, 2]); }).Input(1, 2, 5, 6).Weight(3, 2, 3, 3),
        ["Conv VALID"] = () => new OperatorCase("Conv", 11, a => a.Set("auto_pad", "VALID")).Input(1, 2, 5, 6).Weight(3, 2, 3, 3),
        ["Conv 1D"] = () => new OperatorCase("Conv", 11, a => a.Set("pads", [2, 0])).Input(2, 3, 7).Weight(2, 3, 3).Weight(2),
        ["Conv 3D"] = () => new OperatorCase("Conv", 11).Input(1, 2, 3, 3, 3).Weight(2, 2, 2, 2, 2).Weight(2),

        ["Gemm"] = () => new OperatorCase("Gemm", 13, a => a.Set("transB", 1L)).Input(3, 4).Weight(5, 4).Weight(5),
        ["Gemm scaled"] = () => new OperatorCase("Gemm", 11, a => { a.Set("alpha", 0.5f); a.Set("beta", 2f); a.Set("transA", 1L); }).Input(4, 3).Weight(4, 5).Weight(3, 1),
        ["Gemm without C"] = () => new OperatorCase("Gemm", 11, a => a.Set("alpha", 0.5f)).Input(3, 4).Weight(4, 5),
        ["MatMul"] = () => new OperatorCase("MatMul", 13).Input(3, 4).Weight(4, 5),
        ["MatMul of stacks"] = () => new OperatorCase("MatMul", 13).Input(2, 1, 3, 4).Weight(5, 4, 2),
        ["MatMul with a vector"] = () => new OperatorCase("MatMul", 9).Input(2, 3, 4).Weight(4),

        ["MaxPool"] = () => Pool("MaxPool", 12, [2, 2], strides: [2, 2]).Input(2, 2, 5, 5),
        ["MaxPool padded"] = () => Pool("MaxPool", 12, [3, 3], pads: [1, 1, 1, 1], strides: [2, 2]).Input(1, 2, 6, 6),
        ["MaxPool unevenly padded"] = () => Pool("MaxPool", 12, [3, 3], pads: [0, 1, 2, 0], strides: [2, 2]).Input(1, 2, 6, 6),
        ["MaxPool rounded up"] = () => Pool("MaxPool", 12, [3, 3], strides: [2, 2], roundUp: true).Input(1, 2, 6, 6),
        ["MaxPool SAME_UPPER"] = () => Pool("MaxPool", 12, [3, 3], strides: [2, 2], autoPad: "SAME_UPPER").Input(1, 2, 6, 5),
        ["MaxPool dilated"] = () => Pool("MaxPool", 12, [2, 2], extra: a => a.Set("dilations", [2, 2])).Input(1, 2, 6, 6),
        ["MaxPool 1D"] = () => Pool("MaxPool", 12, [3], strides: [2]).Input(1, 2, 9),
        ["MaxPool 3D"] = () => Pool("MaxPool", 12, [2, 2, 2]).Input(1, 2, 3, 3, 3),
        ["AveragePool"] = () => Pool("AveragePool", 11, [2, 2], strides: [2, 2]).Input(2, 2, 5, 5),
        ["AveragePool padded"] = () => Pool("AveragePool", 11, [3, 3], pads: [1, 1, 1, 1]).Input(1, 2, 5, 5),
        ["AveragePool counting pads"] = () => Pool("AveragePool", 11, [3, 3], pads: [1, 1, 1, 1], extra: a => a.Set("count_include_pad", 1L)).Input(1, 2, 5, 5),
        ["AveragePool unevenly padded"] = () => Pool("AveragePool", 11, [3, 3], pads: [0, 1, 2, 0]).Input(1, 2, 5, 5),
        ["AveragePool uneven counting pads"] = () => Pool("AveragePool", 11, [3, 3], pads: [0, 1, 2, 0], extra: a => a.Set("count_include_pad", 1L)).Input(1, 2, 5, 5),
        ["AveragePool SAME_LOWER"] = () => Pool("AveragePool", 11, [2, 2], autoPad: "SAME_LOWER").Input(1, 2, 5, 5),
        ["AveragePool rounded up"] = () => Pool("AveragePool", 19, [3, 3], strides: [2, 2], roundUp: true).Input(1, 2, 6, 6),
        ["AveragePool 1D"] = () => Pool("AveragePool", 11, [3], strides: [2]).Input(1, 2, 9),
        ["AveragePool 3D"] = () => Pool("AveragePool", 11, [2, 2, 2]).Input(1, 2, 3, 3, 3),
        ["GlobalAveragePool"] = () => new OperatorCase("GlobalAveragePool", 1).Input(2, 3, 4, 5),
        ["GlobalMaxPool"] = () => new OperatorCase("GlobalMaxPool", 1).Input(2, 3, 2, 2),

        ["BatchNormalization"] = () => new OperatorCase("BatchNormalization", 15, a => a.Set("epsilon", 1e-3f)) { Tolerance = 1e-5 }
            .Input(3, 2, 2, 2).Weight(2).Weight(2).Constant([0.1f, 0.2f], 2).Constant([1.1f, 0.9f], 2),
        ["BatchNormalization 9"] = () => new OperatorCase("BatchNormalization", 9) { Tolerance = 1e-5 }
            .Input(4, 3).Weight(3).Weight(3).Constant([0.1f, 0.2f, 0.3f], 3).Constant([1.1f, 0.9f, 1.3f], 3),
        ["Dropout"] = () => new OperatorCase("Dropout", 13) { HasGradient = false }.Input(2, 9).Constant([0.4f]),
        ["Dropout by attribute"] = () => new OperatorCase("Dropout", 10, a => a.Set("ratio", 0.4f)) { HasGradient = false }.Input(2, 9),

        ["Identity"] = () => new OperatorCase("Identity", 13).Input(2, 3),
        ["Flatten"] = () => new OperatorCase("Flatten", 13).Input(2, 3, 2),
        ["Flatten at 0"] = () => new OperatorCase("Flatten", 13, a => a.Set("axis", 0L)).Input(2, 3, 2),
        ["Flatten at the end"] = () => new OperatorCase("Flatten", 13, a => a.Set("axis", -1L)).Input(2, 3, 2),
        ["Reshape"] = () => new OperatorCase("Reshape", 14).Input(2, 3, 4).Constant([0L, -1], 2),
        ["Reshape 5"] = () => new OperatorCase("Reshape", 5).Input(2, 3, 4).Constant([4L, 6], 2),
        ["Squeeze by attribute"] = () => new OperatorCase("Squeeze", 11, a => a.Set("axes", [-1])).Input(2, 1, 3, 1),
        ["Squeeze by input"] = () => new OperatorCase("Squeeze", 13).Input(2, 1, 3, 1).Constant([1L], 1),
        ["Squeeze all"] = () => new OperatorCase("Squeeze", 13).Input(2, 1, 3, 1),
        ["Unsqueeze by attribute"] = () => new OperatorCase("Unsqueeze", 11, a => a.Set("axes", [0, -1])).Input(2, 3),
        ["Unsqueeze by input"] = () => new OperatorCase("Unsqueeze", 13).Input(2, 3).Constant([1L, 3], 2),
        ["Transpose"] = () => new OperatorCase("Transpose", 13, a => a.Set("perm", [1, 2, 0])).Input(2, 3, 4),
        ["Transpose all"] = () => new OperatorCase("Transpose", 13).Input(2, 3, 4),
        ["Concat"] = () => new OperatorCase("Concat", 13, a => a.Set("axis", -1L)).Input(2, 3).Weight(2, 1).Weight(2, 2),
        ["Pad"] = () => new OperatorCase("Pad", 13).Input(2, 3).Constant([1L, 0, 0, 2], 4).Constant([0.5f]),
        ["Pad by attribute"] = () => new OperatorCase("Pad", 2, a => { a.Set("pads", [0, 1, 0, 2]); a.Set("value", 1.5f); }).Input(2, 3),
        ["Pad cutting"] = () => new OperatorCase("Pad", 13).Input(3, 4).Constant([0L, -1, 0, 1], 4),
        ["Pad reflect"] = () => new OperatorCase("Pad", 13, a => a.Set("mode", "reflect")).Input(1, 2, 4, 4).Constant([0L, 0, 1, 2, 0, 0, 2, 1], 8),
        ["Pad edge"] = () => new OperatorCase("Pad", 13, a => a.Set("mode", "edge")).Input(1, 2, 4, 4).Constant([0L, 0, 1, 2, 0, 0, 2, 1], 8),
        ["Pad wrap"] = () => new OperatorCase("Pad", 19, a => a.Set("mode", "wrap")).Input(1, 2, 4, 4).Constant([0L, 0, 1, 2, 0, 0, 2, 1], 8),
        ["Pad by axes"] = () => new OperatorCase("Pad", 18).Input(2, 3).Constant([1L, 2], 2).None().Constant([-1L], 1),
        ["ReduceMean by attribute"] = () => new OperatorCase("ReduceMean", 13, a => a.Set("axes", [-1, 1])).Input(2, 3, 4),
        ["ReduceMean by input"] = () => new OperatorCase("ReduceMean", 18, a => a.Set("keepdims", 0L)).Input(2, 3, 4).Constant([1L], 1),
        ["ReduceMean of all"] = () => new OperatorCase("ReduceMean", 18).Input(2, 3),
        ["ReduceMean of none"] = () => new OperatorCase("ReduceMean", 18, a => a.Set("noop_with_empty_axes", 1L)).Input(2, 3),
        ["Softmax"] = () => new OperatorCase("Softmax", 13).Input(2, 3, 4),
        ["Softmax over axis 1"] = () => new OperatorCase("Softmax", 13, a => a.Set("axis", 1L)).Input(2, 3, 4),
        ["Softmax 11"] = () => new OperatorCase("Softmax", 11).Input(2, 3, 4),
        ["LogSoftmax"] = () => new OperatorCase("LogSoftmax", 13).Input(2, 3, 4),
        ["LogSoftmax 11"] = () => new OperatorCase("LogSoftmax", 11, a => a.Set("axis", 2L)).Input(2, 3, 4),
    };

    // Drawn by lot, or with graphs inside: ControlFlowTests and RandomTests look at those.
    private static readonly string[] ElsewhereTested =
        ["Constant", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "If", "Loop", "Scan", "OptionalGetElement"];

    private static readonly Dictionary<string, Func<OperatorCase>> Cases =
        new([.. First, .. ElementwiseCases.All, .. LayerCases.All, .. ShapeCases.All, .. SequenceCases.All]);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_OneNode_EqualsOnnxRuntime(string name) => Cases[name]().Check();

    [Fact]
    public void Cases_CoverEveryOperatorOfTheTable()
    {
        var covered = Cases.Values.Select(create => create().Build().Graph.Nodes.First!.OpType).Concat(ElsewhereTested).ToHashSet();
        Assert.Superset(OperatorTable.Standard.Entries.Select(entry => entry.Name).ToHashSet(), covered);
    }

    [Fact]
    public void Table_EveryOperator_ListsEveryVersionFromItsFirstOn()
    {
        foreach (IGrouping<string, OperatorEntry> versions in OperatorTable.Standard.Entries.GroupBy(entry => entry.Name))
        {
            int first = versions.Min(entry => entry.Since);
            IEnumerable<int> known = OperatorSchemas.All
                .Where(schema => schema.Domain.Length == 0 && schema.Name == versions.Key && !schema.IsDeprecated && schema.SinceVersion >= first)
                .Select(schema => schema.SinceVersion).Order();
            Assert.Equal(known, versions.Select(entry => entry.Since).Order());
        }
        Assert.Equal(OperatorTable.MaximumOpset, OperatorSchemas.LatestVersion(""));
    }

    private static OperatorCase Pool(
        string op, int opset, long[] kernel, long[]? strides = null, long[]? pads = null, bool roundUp = false, string? autoPad = null, Action<AttributeMap>? extra = null) =>
        new(op, opset, attributes =>
        {
            attributes.Set("kernel_shape", kernel);
            if (strides is not null)
            {
                attributes.Set("strides", strides);
            }
            if (pads is not null)
            {
                attributes.Set("pads", pads);
            }
            if (roundUp)
            {
                attributes.Set("ceil_mode", 1L);
            }
            if (autoPad is not null)
            {
                attributes.Set("auto_pad", autoPad);
            }
            extra?.Invoke(attributes);
        });
}
