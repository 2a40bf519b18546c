namespace Edge.Training.Tests.Operators;

/// <summary>Convolutions, products, pools, normalisations, resizing, losses.</summary>
internal static class LayerCases
{
    public static Dictionary<string, Func<OperatorCase>> All { get; } = new()
    {
        ["ConvInteger"] = () => new OperatorCase("ConvInteger", 10) { HasGradient = false }.Constant([(byte)1, (byte)2, (byte)3, (byte)4], 1, 1, 2, 2).Constant([(byte)5, (byte)6], 1, 1, 1, 2).Constant([(byte)2]).Constant([(byte)5]),
        ["QLinearConv"] = () => new OperatorCase("QLinearConv", 10) { HasGradient = false }
            .Constant([(byte)1, (byte)200, (byte)3, (byte)4], 1, 1, 2, 2).Constant([0.1f]).Constant([(byte)2]).Constant([(byte)5, (byte)6], 1, 1, 1, 2).Constant([0.2f]).Constant([(byte)1]).Constant([0.7f]).Constant([(byte)9]),
        ["ConvTranspose"] = () => new OperatorCase("ConvTranspose", 11, a => { a.Set("strides", [2L, 2]); a.Set("pads", [1L, 1, 1, 1]); a.Set("output_padding", [1L, 1]); }).Input(1, 2, 3, 3).Weight(2, 3, 3, 3).Weight(3),
        ["ConvTranspose in groups"] = () => new OperatorCase("ConvTranspose", 11, a => a.Set("group", 2L)).Input(1, 4, 3, 3).Weight(4, 2, 2, 2).Weight(4),
        ["ConvTranspose unevenly padded"] = () => new OperatorCase("ConvTranspose", 11, a => { a.Set("strides", [2L, 2]); a.Set("pads", [0L, 1, 1, 2]); }).Input(1, 2, 3, 3).Weight(2, 3, 3, 3).Weight(3),
        ["ConvTranspose of a shape"] = () => new OperatorCase("ConvTranspose", 11, a => { a.Set("strides", [3L, 2]); a.Set("output_shape", [10L, 8]); }).Input(1, 1, 3, 3).Weight(1, 2, 3, 3).Weight(2),
        ["ConvTranspose SAME_UPPER"] = () => new OperatorCase("ConvTranspose", 11, a => { a.Set("strides", [2L, 2]); a.Set("auto_pad", "SAME_UPPER"); }).Input(1, 2, 3, 3).Weight(2, 2, 3, 3),
        ["ConvTranspose dilated"] = () => new OperatorCase("ConvTranspose", 11, a => a.Set("dilations", [2L, 2])).Input(1, 1, 3, 3).Weight(1, 1, 2, 2),
        ["ConvTranspose 1D"] = () => new OperatorCase("ConvTranspose", 11, a => a.Set("strides", [2L])).Input(1, 2, 4).Weight(2, 2, 3),
        ["ConvTranspose 3D"] = () => new OperatorCase("ConvTranspose", 11).Input(1, 1, 2, 2, 2).Weight(1, 2, 2, 2, 2),
        ["MatMulInteger"] = () => new OperatorCase("MatMulInteger", 10) { HasGradient = false }.Constant([(byte)11, (byte)7, (byte)3, (byte)10], 2, 2).Constant([(byte)1, (byte)4, (byte)2, (byte)5], 2, 2).Constant([(byte)12]).Constant([(byte)0]),
        ["QLinearMatMul"] = () => new OperatorCase("QLinearMatMul", 10) { HasGradient = false }
            .Constant([(byte)208, (byte)236, (byte)0, (byte)238], 2, 2).Constant([0.0066f]).Constant([(byte)113])
            .Constant([(byte)152, (byte)51, (byte)244, (byte)60], 2, 2).Constant([0.00705f]).Constant([(byte)114]).Constant([0.0107f]).Constant([(byte)118]),
        ["Einsum"] = () => new OperatorCase("Einsum", 12, a => a.Set("equation", "bij, bjk -> bik")).Input(2, 3, 4).Weight(2, 4, 2),
        ["Det"] = () => new OperatorCase("Det", 11) { Tolerance = 1e-5 }.Input(2, 3, 3),

        ["MaxPool with indices"] = () => Pool("MaxPool", 12, [2, 2], a => a.Set("strides", [2L, 2]), outputs: 2).Input(2, 2, 4, 4),
        ["MaxPool with indices unevenly padded"] = () => Pool("MaxPool", 12, [3, 3], a => { a.Set("pads", [0L, 1, 2, 0]); a.Set("strides", [2L, 2]); }, outputs: 2).Input(1, 2, 5, 5),
        ["MaxPool rounded up unevenly padded"] = () => Pool("MaxPool", 12, [3, 3], a => { a.Set("pads", [0L, 1, 2, 0]); a.Set("strides", [2L, 2]); a.Set("ceil_mode", 1L); }).Input(1, 2, 6, 6),
        ["AveragePool dilated"] = () => Pool("AveragePool", 19, [2, 2], a => a.Set("dilations", [2L, 2])).Input(1, 2, 5, 5),
        ["LpPool"] = () => Pool("LpPool", 18, [2, 2], a => { a.Set("p", 3L); a.Set("pads", [1L, 0, 0, 1]); }).Input(1, 2, 4, 4),
        ["LpPool dilated"] = () => Pool("LpPool", 18, [2, 2], a => a.Set("dilations", [2L, 2])).Input(1, 2, 4, 4),
        ["MaxUnpool"] = () => Pool("MaxUnpool", 11, [2, 2], a => a.Set("strides", [2L, 2])).Input(1, 1, 2, 2).Constant([5L, 7, 13, 15], 1, 1, 2, 2),
        ["GlobalLpPool"] = () => new OperatorCase("GlobalLpPool", 2, a => a.Set("p", 3L)).Input(2, 3, 2, 2),

        ["InstanceNormalization"] = () => new OperatorCase("InstanceNormalization", 6) { Tolerance = 1e-5 }.Input(2, 3, 4, 2).Weight(3).Weight(3),
        ["LayerNormalization"] = () => new OperatorCase("LayerNormalization", 17, a => a.Set("axis", 1L)) { Outputs = 3, Tolerance = 1e-5 }.Input(2, 3, 4).Weight(3, 4).Weight(3, 4),
        ["GroupNormalization"] = () => new OperatorCase("GroupNormalization", 21, a => a.Set("num_groups", 2L)) { Tolerance = 1e-5 }.Input(2, 4, 3).Weight(4).Weight(4),
        ["GroupNormalization 18"] = () => new OperatorCase("GroupNormalization", 18, a => a.Set("num_groups", 2L)) { Tolerance = 1e-5 }.Input(2, 4, 3).Weight(2).Weight(2),
        ["RMSNormalization"] = () => new OperatorCase("RMSNormalization", 23) { Tolerance = 1e-5 }.Input(2, 3, 4).Weight(4),
        ["LRN"] = () => new OperatorCase("LRN", 13, a => { a.Set("size", 3L); a.Set("alpha", 0.5f); }).Input(1, 5, 2, 2),
        ["MeanVarianceNormalization"] = () => new OperatorCase("MeanVarianceNormalization", 13) { Tolerance = 1e-5 }.Input(2, 3, 2, 2),
        ["LpNormalization"] = () => new OperatorCase("LpNormalization", 1, a => a.Set("axis", 1L)).Input(2, 3, 4),
        ["LpNormalization 1"] = () => new OperatorCase("LpNormalization", 1, a => a.Set("p", 1L)).Input(2, 3),
        ["BatchNormalization giving statistics"] = () => new OperatorCase("BatchNormalization", 15, a => a.Set("training_mode", 1L)) { Outputs = 3, Tolerance = 1e-5 }
            .Input(3, 2, 2, 2).Weight(2).Weight(2).Constant([0.1f, 0.2f], 2).Constant([1.1f, 0.9f], 2),
        ["NegativeLogLikelihoodLoss"] = () => new OperatorCase("NegativeLogLikelihoodLoss", 13, a => a.Set("ignore_index", 1L)).Input(3, 4).Constant([1L, 0, 3], 3).Constant([0.5f, 1, 2, 3], 4),
        ["SoftmaxCrossEntropyLoss"] = () => new OperatorCase("SoftmaxCrossEntropyLoss", 13) { Outputs = 2 }.Input(3, 4, 2).Constant([1L, 0, 3, 2, 2, 1], 3, 2),
        ["SoftmaxCrossEntropyLoss unreduced"] = () => new OperatorCase("SoftmaxCrossEntropyLoss", 13, a => a.Set("reduction", "none")).Input(3, 4).Constant([1, 0, 3], 3),

        ["Upsample 7"] = () => new OperatorCase("Upsample", 7, a => a.Set("scales", [1f, 1, 2, 3])).Input(1, 2, 2, 3),
        ["Upsample 9 linear"] = () => new OperatorCase("Upsample", 9, a => a.Set("mode", "linear")).Input(1, 2, 2, 3).Constant([1f, 1, 2, 2], 4),
        ["Resize 10"] = () => new OperatorCase("Resize", 10).Input(1, 2, 4, 3).Constant([1f, 1, 0.5f, 2], 4),
        ["Resize nearest"] = () => new OperatorCase("Resize", 13).Input(1, 2, 4, 3).None().Constant([1f, 1, 2, 2], 4),
        ["Resize nearest oddly"] = () => new OperatorCase("Resize", 13, a => a.Set("nearest_mode", "floor")).Input(1, 2, 4, 3).None().Constant([1f, 1, 1.3f, 0.8f], 4),
        ["Resize linear"] = () => new OperatorCase("Resize", 13, a => a.Set("mode", "linear")).Input(1, 2, 4, 3).None().Constant([1f, 1, 2, 2], 4),
        ["Resize linear align_corners"] = () => Resize("linear", "align_corners").Input(1, 2, 4, 3).None().Constant([1f, 1, 2, 2], 4),
        ["Resize linear asymmetric"] = () => Resize("linear", "asymmetric").Input(1, 2, 4, 3).None().Constant([1f, 1, 2, 1.5f], 4),
        ["Resize linear pytorch_half_pixel"] = () => Resize("linear", "pytorch_half_pixel").Input(1, 2, 4, 3).None().None().Constant([1L, 2, 1, 5], 4),
        ["Resize cubic"] = () => Resize("cubic", "half_pixel").Input(1, 1, 4, 4).None().Constant([1f, 1, 1.5f, 2], 4),
        ["Resize cubic excluding outside"] = () => new OperatorCase("Resize", 13, a => { a.Set("mode", "cubic"); a.Set("exclude_outside", 1L); a.Set("cubic_coeff_a", -0.5f); }).Input(1, 1, 4, 4).None().Constant([1f, 1, 2, 2], 4),
        ["Resize antialiased"] = () => new OperatorCase("Resize", 18, a => { a.Set("mode", "linear"); a.Set("antialias", 1L); }).Input(1, 1, 4, 4).None().None().Constant([1L, 1, 3, 2], 4),
        ["GridSample"] = () => new OperatorCase("GridSample", 16) { Tolerance = 1e-5 }.Input(1, 2, 4, 4).Between(-0.9f, 0.9f, 1, 3, 3, 2),
        ["GridSample of volumes"] = () => new OperatorCase("GridSample", 20, a => a.Set("mode", "nearest")) { HasGradient = false }.Input(1, 1, 3, 3, 3).Between(-0.9f, 0.9f, 1, 2, 2, 2, 3),
        ["AffineGrid"] = () => new OperatorCase("AffineGrid", 20).Input(1, 2, 3).Constant([1L, 1, 3, 4], 4),
        ["DepthToSpace"] = () => new OperatorCase("DepthToSpace", 13, a => a.Set("blocksize", 2L)).Input(1, 8, 2, 3),
        ["DepthToSpace CRD"] = () => new OperatorCase("DepthToSpace", 13, a => { a.Set("blocksize", 2L); a.Set("mode", "CRD"); }).Input(1, 8, 2, 3),
        ["SpaceToDepth"] = () => new OperatorCase("SpaceToDepth", 13, a => a.Set("blocksize", 2L)).Input(1, 2, 4, 6),
        ["Col2Im"] = () => new OperatorCase("Col2Im", 18, a => a.Set("pads", [1L, 0, 0, 1])).Input(1, 4, 20).Constant([4L, 5], 2).Constant([2L, 2], 2),
    };

    private static OperatorCase Resize(string mode, string coordinates) =>
        new("Resize", 13, a => { a.Set("mode", mode); a.Set("coordinate_transformation_mode", coordinates); });

    private static OperatorCase Pool(string op, int opset, long[] kernel, Action<Edge.Graph.AttributeMap> extra, int outputs = 1) =>
        new(op, opset, a => { a.Set("kernel_shape", kernel); extra(a); }) { Outputs = outputs };
}
