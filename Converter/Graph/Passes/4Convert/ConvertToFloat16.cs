using System.Collections.Frozen;
using Edge.Graph.Inference;
using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>
/// Lets a float32 model compute in float16; inputs and outputs stay float32. Operators without float16, and nodes with a
/// constant beyond its range of ±65504, stay float32 between two Casts.
/// </summary>
public sealed class ConvertToFloat16 : IGraphPass
{
    private static readonly FrozenSet<string> StayFloat32 = new[]
    {
        "Bernoulli", "BlackmanWindow", "Constant", "ConstantOfShape", "CumSum", "DFT", "DequantizeLinear", "Det", "DynamicQuantizeLinear", "EyeLike",
        "HammingWindow", "HannWindow", "MelWeightMatrix", "Multinomial", "NegativeLogLikelihoodLoss", "NonMaxSuppression", "QuantizeLinear",
        "QLinearConv", "QLinearMatMul", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "STFT",
        "SoftmaxCrossEntropyLoss", "TfIdfVectorizer", "Upsample",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "compute in float16";

    /// <summary>Converts a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>How many nodes compute in float16 from there on.</returns>
    /// <exception cref="ModelFormatException">The model has subgraphs, or a value of unknown type; nothing was converted.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        new MoveConstantsToInitializers().Run(model);
        ShapeInference.Run(model);
        OnnxGraph graph = model.Graph;
        foreach (Node node in graph.Nodes)
        {
            Check(node);
        }
        var narrowed = new Dictionary<Value, OnnxTensor?>();
        Node[] nodes = [.. graph.Nodes.Where(node => CanConvert(node, narrowed))];
        var converter = new Float16Rewriter(graph, narrowed);
        foreach (Node node in nodes)
        {
            converter.Convert(node);
        }
        new RemoveDeadCode().Run(model);
        return nodes.Length;
    }

    /// <summary>Inputs that are float32 whatever an operator computes in.</summary>
    internal static bool StaysFloat32(Node node, int input) => node.Is("Resize") && input > 0;

    private static void Check(Node node)
    {
        if (node.Attributes.Subgraphs().Any())
        {
            throw new ModelFormatException($"{node.Describe()}: models with subgraphs cannot be converted to float16; store their weights as float16 instead");
        }
        foreach (Value? output in node.Outputs)
        {
            if (output is { Type: null, ElementType: null } && (output.Uses.Count > 0 || output.IsGraphOutput))
            {
                throw new ModelFormatException($"{node.Describe()}: the type of '{output.Name}' is not known; store the model's weights as float16 instead");
            }
        }
    }

    private static bool CanConvert(Node node, Dictionary<Value, OnnxTensor?> narrowed)
    {
        bool castsToFloat = node.Is("Cast") && node.Attributes.GetInt("to", 0) == (long)ElementType.Float;
        bool touchesFloat = castsToFloat;
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            if (node.Inputs[index] is not { ElementType: ElementType.Float } input || StaysFloat32(node, index))
            {
                continue;
            }
            touchesFloat = true;
            if (input.Constant is { } tensor)
            {
                if (!narrowed.TryGetValue(input, out OnnxTensor? half))
                {
                    narrowed[input] = half = input.IsConstant ? HalfTensor.TryNarrow(tensor) : null;
                }
                if (half is null)
                {
                    return false;
                }
            }
        }
        return touchesFloat && node.Domain.Length == 0 && !StayFloat32.Contains(node.OpType);
    }
}
