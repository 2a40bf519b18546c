using Edge.Graph;
using Edge.Graph.Passes;

namespace Edge.Cli.Import;

/// <summary>
/// Puts in front of a source model what callers do to pixels, so that it takes what the imported model takes and ONNX Runtime
/// can hold one against the other.
/// </summary>
internal static class SourceAdapter
{
    /// <summary>Changes an input of a model.</summary>
    /// <param name="source">The model, changed in place; it computes what it computed, behind what is put in front.</param>
    /// <param name="name">The input.</param>
    /// <param name="imported">The same input of the imported model.</param>
    /// <param name="normalization">What callers do to pixels; null for nothing.</param>
    /// <param name="isNhwc">The source takes [N,H,W,C], the imported model [N,C,H,W].</param>
    internal static void Adapt(OnnxModel source, string name, Value imported, InputNormalization? normalization, bool isNhwc)
    {
        OnnxGraph graph = source.Graph;
        Value input = graph.Find(name)!;
        var type = (TensorType)input.Type!;
        Use[] readers = [.. input.Uses];
        Node? first = graph.Nodes.First;
        Value value = input;
        Value Then(string operation, params Value[] inputs) => graph.AddNode(operation, inputs, [graph.FreshName("edge_adapter")], before: first).Outputs[0]!;

        if (imported.ElementType != type.Element)
        {
            value = Then("Cast", value);
            value.Producer!.Attributes.Set("to", (long)type.Element);
        }
        if (isNhwc)
        {
            value = Then("Transpose", value);
            value.Producer!.Attributes.Set("perm", [0L, 2, 3, 1]);
        }
        if (normalization is not null)
        {
            int behind = isNhwc || type.Shape!.Rank < 3 ? 0 : type.Shape.Rank - 2;
            Value Factor(IEnumerable<double> numbers)
            {
                double[] items = [.. numbers];
                long[] dims = items.Length == 1 ? [] : [items.Length, .. Enumerable.Repeat(1L, behind)];
                OnnxTensor tensor = type.Element == ElementType.Double ? OnnxTensor.From<double>(items, dims) : OnnxTensor.From<float>(Array.ConvertAll(items, item => (float)item), dims);
                return graph.AddInitializer(graph.FreshName("edge_adapter"), tensor);
            }
            value = Then("Mul", value, Factor([normalization.Scale]));
            value = Then("Sub", value, Factor(normalization.Mean));
            value = Then("Div", value, Factor(normalization.Deviation));
        }
        if (ReferenceEquals(value, input))
        {
            return;
        }
        foreach (Use use in readers)
        {
            use.Node.SetInput(use.Index, value);
        }
        input.Type = imported.Type;
    }
}
