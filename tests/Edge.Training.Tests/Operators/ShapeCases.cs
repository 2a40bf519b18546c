using Edge.Graph;

namespace Edge.Training.Tests.Operators;

/// <summary>Reductions, shapes, indices, and tensors made of nothing.</summary>
internal static class ShapeCases
{
    public static Dictionary<string, Func<OperatorCase>> All { get; } = new()
    {
        ["ReduceL1"] = () => new OperatorCase("ReduceL1", 18).Input(2, 3, 4).Constant([1L], 1),
        ["ReduceL2"] = () => new OperatorCase("ReduceL2", 18).Input(2, 3, 4).Constant([-1L], 1),
        ["ReduceL2 by attribute"] = () => new OperatorCase("ReduceL2", 13, a => { a.Set("axes", [0L, 2]); a.Set("keepdims", 0L); }).Input(2, 3, 4),
        ["ReduceLogSum"] = () => new OperatorCase("ReduceLogSum", 18).Positive(2, 3, 4).Constant([1L], 1),
        ["ReduceLogSumExp"] = () => new OperatorCase("ReduceLogSumExp", 18).Input(2, 3, 4).Constant([1L, 2], 2),
        ["ReduceMax"] = () => new OperatorCase("ReduceMax", 18).Input(2, 9).Constant([1L], 1),
        ["ReduceMin"] = () => new OperatorCase("ReduceMin", 13, a => a.Set("axes", [1L])).Input(2, 9),
        ["ReduceProd"] = () => new OperatorCase("ReduceProd", 18).Input(2, 3, 2).Constant([0L, 2], 2),
        ["ReduceSum"] = () => new OperatorCase("ReduceSum", 13, a => a.Set("keepdims", 0L)).Input(2, 3, 4).Constant([0L, -1], 2),
        ["ReduceSum of integers"] = () => new OperatorCase("ReduceSum", 13) { HasGradient = false }.Constant([1, 2, 3], 3),
        ["ReduceSumSquare"] = () => new OperatorCase("ReduceSumSquare", 18).Input(2, 3, 4),
        ["ArgMax"] = () => new OperatorCase("ArgMax", 13, a => a.Set("axis", 1L)) { HasGradient = false }.Input(2, 9),
        ["ArgMin last"] = () => new OperatorCase("ArgMin", 13, a => { a.Set("axis", -1L); a.Set("select_last_index", 1L); a.Set("keepdims", 0L); }) { HasGradient = false }.Constant([1f, 0, 0, 2], 2, 2),
        ["CumSum"] = () => new OperatorCase("CumSum", 14, a => { a.Set("exclusive", 1L); a.Set("reverse", 1L); }).Input(2, 4).Constant([1L]),
        ["CumProd"] = () => new OperatorCase("CumProd", 26).Input(2, 4).Constant([1L]),

        ["ConstantOfShape"] = () => new OperatorCase("ConstantOfShape", 9, a => a.Set("value", OnnxTensor.From<int>([7], 1))) { HasGradient = false }.Constant([2L, 3], 2),
        ["Range"] = () => new OperatorCase("Range", 11) { HasGradient = false }.Constant([10]).Constant([4]).Constant([-2]),
        ["Range of reals"] = () => new OperatorCase("Range", 11) { HasGradient = false }.Constant([0.5f]).Constant([3f]).Constant([0.7f]),
        ["EyeLike"] = () => new OperatorCase("EyeLike", 9, a => a.Set("k", 1L)) { HasGradient = false }.Input(3, 4),
        ["HannWindow"] = () => new OperatorCase("HannWindow", 17) { HasGradient = false }.Constant([10L]),
        ["HammingWindow"] = () => new OperatorCase("HammingWindow", 17) { HasGradient = false }.Constant([10L]),
        ["BlackmanWindow"] = () => new OperatorCase("BlackmanWindow", 17, a => a.Set("periodic", 0L)) { HasGradient = false }.Constant([10L]),
        ["Shape"] = () => new OperatorCase("Shape", 15, a => a.Set("start", -2L)) { HasGradient = false }.Input(2, 3, 4),
        ["Size"] = () => new OperatorCase("Size", 13) { HasGradient = false }.Input(2, 3, 4),
        ["Split"] = () => new OperatorCase("Split", 13, a => a.Set("axis", 1L)) { Outputs = 2 }.Input(2, 5).Constant([2L, 3], 2),
        ["Split by attribute"] = () => new OperatorCase("Split", 11, a => a.Set("axis", -1L)) { Outputs = 2 }.Input(2, 4),
        ["Split unevenly"] = () => new OperatorCase("Split", 18, a => a.Set("num_outputs", 3L)) { Outputs = 3 }.Input(5, 2),
        ["Expand"] = () => new OperatorCase("Expand", 13).Input(3, 1).Constant([2L, 1, 4], 3),
        ["Tile"] = () => new OperatorCase("Tile", 13).Input(2, 3).Constant([2L, 1], 2),
        ["CenterCropPad"] = () => new OperatorCase("CenterCropPad", 18).Input(5, 2).Constant([2L, 5], 2),
        ["Pad reflect twice over"] = () => new OperatorCase("Pad", 18, a => a.Set("mode", "reflect")).Input(2, 3).Constant([1L, 2, 0, 1], 4),
        ["Pad edge of the first axis"] = () => new OperatorCase("Pad", 18, a => a.Set("mode", "edge")).Input(2, 3).Constant([2L, 0, 1, 3], 4),

        ["Gather"] = () => new OperatorCase("Gather", 13).Input(4, 3).Constant([0L, -1, 2, 2], 2, 2),
        ["Gather along axis 1"] = () => new OperatorCase("Gather", 13, a => a.Set("axis", 1L)).Input(2, 4, 3).Constant([3, 0], 2),
        ["Gather of one"] = () => new OperatorCase("Gather", 13, a => a.Set("axis", -1L)).Input(2, 4).Constant([-2L]),
        ["GatherElements"] = () => new OperatorCase("GatherElements", 13, a => a.Set("axis", 1L)).Input(2, 3).Constant([0L, -1, 1, 1], 2, 2),
        ["GatherND"] = () => new OperatorCase("GatherND", 13).Input(2, 3, 4).Constant([0L, 1, -1, 2], 2, 2),
        ["GatherND in batches"] = () => new OperatorCase("GatherND", 13, a => a.Set("batch_dims", 1L)).Input(2, 3, 4).Constant([1L, 2], 2, 1),
        ["Scatter"] = () => new OperatorCase("Scatter", 9, a => a.Set("axis", 1L)).Input(2, 4).Constant([0L, 2, 1, 3], 2, 2).Weight(2, 2),
        ["ScatterElements"] = () => new OperatorCase("ScatterElements", 16, a => { a.Set("axis", 1L); a.Set("reduction", "add"); }).Input(2, 4).Constant([0L, 2, 1, -1], 2, 2).Weight(2, 2),
        ["ScatterElements max"] = () => new OperatorCase("ScatterElements", 18, a => a.Set("reduction", "max")).Input(3, 2).Constant([0L, 2, 1, 1], 2, 2).Weight(2, 2),
        ["ScatterND"] = () => new OperatorCase("ScatterND", 16).Input(4, 3).Constant([2L, 0], 2, 1).Weight(2, 3),
        ["ScatterND add"] = () => new OperatorCase("ScatterND", 16, a => a.Set("reduction", "add")).Input(4, 3).Constant([2L, 1, 2, 1], 2, 2).Weight(2),
        ["TensorScatter"] = () => new OperatorCase("TensorScatter", 24, a => a.Set("mode", "circular")).Input(2, 1, 4, 3).Weight(2, 1, 2, 3).Constant([1L, 3], 2),
        ["Slice"] = () => new OperatorCase("Slice", 13).Input(4, 5).Constant([1L, -1], 2).Constant([3L, -100], 2).Constant([0L, 1], 2).Constant([1L, -2], 2),
        ["Slice by attribute"] = () => new OperatorCase("Slice", 1, a => { a.Set("starts", [1L]); a.Set("ends", [1000L]); a.Set("axes", [1L]); }).Input(2, 5),
        ["Compress"] = () => new OperatorCase("Compress", 11, a => a.Set("axis", 1L)).Input(2, 3).Constant([true, false, true], 3),
        ["Compress flat"] = () => new OperatorCase("Compress", 11).Input(2, 3).Constant([true, false, true, true], 4),
        ["NonZero"] = () => new OperatorCase("NonZero", 13) { HasGradient = false }.Constant([1f, 0, 2, 0, 0, 3], 2, 3),
        ["OneHot"] = () => new OperatorCase("OneHot", 11, a => a.Set("axis", 1L)) { HasGradient = false }.Constant([0L, -1, 7], 3).Constant([4L], 1).Constant([0.5f, 2], 2),
        ["TopK"] = () => new OperatorCase("TopK", 11) { Outputs = 2 }.Input(2, 6).Constant([3L], 1),
        ["TopK smallest"] = () => new OperatorCase("TopK", 11, a => { a.Set("largest", 0L); a.Set("axis", 0L); }) { Outputs = 2 }.Input(4, 2).Constant([2L], 1),
        ["Trilu"] = () => new OperatorCase("Trilu", 14, a => a.Set("upper", 0L)).Input(2, 3, 3).Constant([1L]),
        ["Unique"] = () => new OperatorCase("Unique", 11, a => a.Set("sorted", 0L)) { Outputs = 4, HasGradient = false }.Constant([2f, 1, 1, 3, 4, 3], 6),
        ["Unique rows"] = () => new OperatorCase("Unique", 11, a => a.Set("axis", 0L)) { Outputs = 4, HasGradient = false }.Constant([1f, 0, 0, 1, 0, 0, 2, 3, 4], 3, 3),
        ["ReverseSequence"] = () => new OperatorCase("ReverseSequence", 10).Input(4, 2, 3).Constant([3L, 1], 2),
        ["NonMaxSuppression"] = () => new OperatorCase("NonMaxSuppression", 11) { HasGradient = false }
            .Constant([0f, 0, 1, 1, 0, 0.1f, 1, 1.1f, 0, -0.1f, 1, 0.9f, 0, 10, 1, 11], 1, 4, 4).Constant([0.9f, 0.75f, 0.6f, 0.95f], 1, 1, 4)
            .Constant([3L], 1).Constant([0.5f], 1).Constant([0f], 1),
    };
}
