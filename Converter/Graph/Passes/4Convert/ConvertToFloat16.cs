using System.Collections.Frozen;
using Edge.Graph.Inference;
using Edge.Graph.Passes.Matching;
using Edge.Graph.Schemas;

namespace Edge.Graph.Passes;

/// <summary>
/// Lets a float32 model compute in float16; inputs and outputs stay float32 unless asked. Operators without float16, and nodes with a
/// constant beyond its range of ±65504, stay float32 between two Casts.
/// </summary>
public sealed class ConvertToFloat16 : IGraphPass
{
    // The schema allows float16, but what they give would change its meaning, or ONNX Runtime has no such kernel.
    private static readonly FrozenSet<string> StayFloat32 = new[]
    {
        "Bernoulli", "BitCast", "Constant", "ConstantOfShape", "DequantizeLinear", "DynamicQuantizeLinear", "EyeLike", "MeanVarianceNormalization",
        "MelWeightMatrix", "Multinomial", "QuantizeLinear", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Range", "Upsample",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "compute in float16";

    /// <summary>Inputs and outputs that float32 nodes have no part in become float16 too.</summary>
    public bool NarrowPorts { get; init; }

    /// <summary>Converts a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>How many nodes compute in float16 from there on.</returns>
    /// <exception cref="ModelFormatException">The model has subgraphs, or a value of unknown type; nothing was converted.</exception>
    public int Run(OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        ModelInputs.CheckCanCast(model);
        new MoveConstantsToInitializers().Run(model);
        ShapeInference.Run(model);
        OnnxGraph graph = model.Graph;
        foreach (Node node in graph.Nodes)
        {
            Check(node);
        }
        var narrowed = new Dictionary<Value, OnnxTensor?>();
        Node[] nodes = [.. graph.Nodes.Where(node => CanConvert(node, model.Opset, narrowed))];
        var converter = new Float16Rewriter(graph, narrowed);
        foreach (Node node in nodes)
        {
            converter.Convert(node);
        }
        new RemoveDeadCode().Run(model);
        if (NarrowPorts)
        {
            Float16Ports.Narrow(graph);
        }
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

    private static bool CanConvert(Node node, long opset, Dictionary<Value, OnnxTensor?> narrowed)
    {
        bool reduces = node.OpType is "ScatterElements" or "ScatterND" && node.Attributes.GetString("reduction", "none") != "none";
        if (node.Domain.Length > 0 || StayFloat32.Contains(node.OpType) || reduces || OperatorSchemas.Find("", node.OpType, opset) is not { } schema)
        {
            return false;
        }
        bool touchesFloat = node.Is("Cast") && node.Attributes.GetInt("to", 0) == (long)ElementType.Float;
        for (int index = 0; index < node.Outputs.Count; index++)
        {
            if (node.Outputs[index] is { ElementType: ElementType.Float } && schema.Output(index)?.Types.AllowsTensor(ElementType.Float16) != true)
            {
                return false;
            }
        }
        for (int index = 0; index < node.Inputs.Count; index++)
        {
            if (node.Inputs[index] is not { ElementType: ElementType.Float } input || StaysFloat32(node, index))
            {
                continue;
            }
            touchesFloat = true;
            if (schema.Input(index)?.Types.AllowsTensor(ElementType.Float16) != true || !FitsFloat16(input, narrowed))
            {
                return false;
            }
        }
        return touchesFloat;
    }

    private static bool FitsFloat16(Value value, Dictionary<Value, OnnxTensor?> narrowed)
    {
        if (value.Constant is not { } tensor)
        {
            return true;
        }
        if (!narrowed.TryGetValue(value, out OnnxTensor? half))
        {
            narrowed[value] = half = value.IsConstant ? HalfTensor.TryNarrow(tensor) : null;
        }
        return half is not null;
    }
}
