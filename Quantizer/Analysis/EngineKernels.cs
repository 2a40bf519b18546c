using Edge.Graph;
using Edge.Graph.Execution;

namespace Edge.Quantizer.Analysis;

/// <summary>What ONNX Runtime's optimizer made of a quantized graph: which layers really run on whole numbers.</summary>
/// <param name="Integer">Kernels on whole numbers, by operator.</param>
/// <param name="FloatLayers">Layers with weights that run as float, in words.</param>
/// <param name="Conversions">Roundings and restorations that are left between regions.</param>
public sealed record EngineKernels(IReadOnlyDictionary<string, int> Integer, IReadOnlyList<string> FloatLayers, int Conversions)
{
    /// <summary>Loads a model and looks at the graph that the engine would run.</summary>
    /// <param name="model">The model.</param>
    /// <exception cref="ModelFormatException">The engine refuses the model.</exception>
    public static EngineKernels Of(OnnxModel model)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("edge-kernels-");
        try
        {
            string path = Path.Combine(folder.FullName, "optimized.onnx");
            using (new EngineSession(model, new EngineOptions { Threads = 1, Quiet = true, OptimizedModelPath = path }))
            {
            }
            Node[] nodes = [.. OnnxModel.Load(path).Graph.Nodes];
            return new EngineKernels(
                nodes.Where(IsInteger).GroupBy(node => node.OpType).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count()),
                [.. nodes.Where(node => node.OpType is "Conv" or "FusedConv" or "Gemm" or "FusedGemm" or "MatMul" or "FusedMatMul").Select(node => node.Describe())],
                nodes.Count(node => node.OpType is "QuantizeLinear" or "DequantizeLinear"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsInteger(Node node) =>
        node.OpType.StartsWith("QLinear", StringComparison.Ordinal) || node.OpType.Contains("Integer", StringComparison.Ordinal)
        || node.OpType is "QGemm" or "MatMulNBits" or "DynamicQuantizeMatMul" or "DynamicQuantizeLSTM" or "QMoE" or "MatMulBnb4";
}
