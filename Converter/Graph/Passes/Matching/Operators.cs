using System.Collections.Frozen;

namespace Edge.Graph.Passes.Matching;

/// <summary>What the passes must know of operators beyond their names.</summary>
internal static class Operators
{
    private static readonly FrozenSet<string> Random = new[]
    {
        "RandomNormal", "RandomUniform", "RandomNormalLike", "RandomUniformLike", "Multinomial", "Bernoulli",
    }.ToFrozenSet(StringComparer.Ordinal);

    // What takes or gives something other than a tensor.
    private static readonly FrozenSet<string> NotOnTensors = new[]
    {
        "SequenceConstruct", "SequenceEmpty", "SequenceInsert", "SequenceErase", "SequenceAt", "SequenceLength", "SequenceMap",
        "SplitToSequence", "ConcatFromSequence", "Optional", "OptionalGetElement", "OptionalHasElement",
    }.ToFrozenSet(StringComparer.Ordinal);

    // A quantized model keeps its weights small by these.
    private static readonly FrozenSet<string> Quantizing = new[]
    {
        "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Gives something else each time it runs.</summary>
    internal static bool IsRandom(Node node) => Random.Contains(node.OpType) || (node.Is("Dropout") && node.Input(2) is not null);

    /// <summary>ONNX's own, on tensors, always the same result for the same inputs, and no part of a quantized model's storage.</summary>
    internal static bool CanFold(Node node) => node.Domain.Length == 0 && !IsRandom(node)
        && !NotOnTensors.Contains(node.OpType) && !Quantizing.Contains(node.OpType)
        && node.OpType is not ("Constant" or "Identity") && !node.Attributes.Subgraphs().Any() && !IsHostile(node);

    // Where ONNX Runtime ends the process instead of refusing: a diagonal absurdly far outside its matrix, and a count of
    // parts that is not the count of outputs.
    private static bool IsHostile(Node node) =>
        (node.Is("Trilu") && node.Input(1) is { } diagonal && (diagonal.Integers() is not [var k] || Math.Abs((double)k) > int.MaxValue))
        || (node.Is("Split") && node.Attributes.GetInt("num_outputs", node.Outputs.Count) != node.Outputs.Count);
}
