using Edge.Graph.Passes.Matching;

namespace Edge.Graph.Passes;

/// <summary>Turns Constant nodes into initializers, where engines and passes look for constants.</summary>
/// <remarks>A Constant that a graph gives out stays: an If's branch often is nothing else.</remarks>
public sealed class MoveConstantsToInitializers : NodePass
{
    /// <inheritdoc/>
    public override string Name => "turn Constant nodes into initializers";

    /// <inheritdoc/>
    protected override bool Rewrite(Node node, OnnxModel model)
    {
        ArgumentNullException.ThrowIfNull(node);
        if (!node.Is("Constant") || node.Outputs[0] is not { IsGraphOutput: false, Uses.Count: > 0 } output || Content(node) is not { } tensor)
        {
            return false;
        }
        string name = output.Name;
        Value constant = node.Graph.AddConstant(name, tensor);
        output.ReplaceAllUsesWith(constant);
        if (node.TryRemove())
        {
            node.Graph.Rename(constant, name);
        }
        return true;
    }

    private static OnnxTensor? Content(Node node)
    {
        if (node.Attributes.Count != 1)
        {
            return null;
        }
        NodeAttribute attribute = node.Attributes.First();
        return (attribute.Name, attribute.Content) switch
        {
            ("value", OnnxTensor tensor) => tensor,
            ("value_float", float number) => OnnxTensor.Scalar(number),
            ("value_floats", float[] numbers) => OnnxTensor.From<float>(numbers, numbers.Length),
            ("value_int", long number) => OnnxTensor.Scalar(number),
            ("value_ints", long[] numbers) => OnnxTensor.From<long>(numbers, numbers.Length),
            ("value_string", byte[] text) => new OnnxTensor([], [text]),
            ("value_strings", byte[][] texts) => new OnnxTensor([texts.Length], Array.ConvertAll(texts, text => (ReadOnlyMemory<byte>)text)),
            _ => null,
        };
    }
}
