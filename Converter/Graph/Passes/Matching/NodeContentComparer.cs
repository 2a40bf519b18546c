using System.Diagnostics.CodeAnalysis;

namespace Edge.Graph.Passes.Matching;

/// <summary>Nodes are equal when operator, inputs and attributes are. Small constants count by content, other inputs by identity.</summary>
internal sealed class NodeContentComparer : IEqualityComparer<Node>
{
    // Exporters repeat a scalar or a shape for every node that reads it; larger constants are layers of their own.
    private const int SmallConstant = 64;

    internal static NodeContentComparer Instance { get; } = new();

    public bool Equals(Node? x, Node? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }
        if (x is null || y is null || x.OpType != y.OpType || x.Domain != y.Domain || x.Overload != y.Overload
            || x.Inputs.Count != y.Inputs.Count || x.Outputs.Count != y.Outputs.Count || x.Attributes.Count != y.Attributes.Count)
        {
            return false;
        }
        for (int index = 0; index < x.Inputs.Count; index++)
        {
            if (!AreEqual(x.Inputs[index], y.Inputs[index]))
            {
                return false;
            }
        }
        return x.Attributes.All(attribute => y.Attributes.Find(attribute.Name) is { } other && AreEqual(attribute, other));
    }

    public int GetHashCode([DisallowNull] Node node)
    {
        var hash = new HashCode();
        hash.Add(node.OpType, StringComparer.Ordinal);
        foreach (Value? input in node.Inputs)
        {
            if (IsSmall(input))
            {
                hash.Add(TensorContentComparer.Instance.GetHashCode(input!.Constant!));
            }
            else
            {
                hash.Add(input);
            }
        }
        int attributes = 0;
        foreach (NodeAttribute attribute in node.Attributes)
        {
            // Added up: the order of attributes means nothing.
            attributes += HashCode.Combine(attribute.Name, attribute.Kind, Hash(attribute.Content));
        }
        hash.Add(attributes);
        return hash.ToHashCode();
    }

    private static bool IsSmall(Value? value) => value is { IsConstant: true, Constant: { Strings: null, Bytes.Length: <= SmallConstant } };

    private static bool AreEqual(Value? one, Value? other) =>
        ReferenceEquals(one, other) || (IsSmall(one) && IsSmall(other) && one!.Constant!.ContentEquals(other!.Constant!));

    private static bool AreEqual(NodeAttribute one, NodeAttribute other) => one.Kind == other.Kind && one.Reference == other.Reference
        && (one.Content, other.Content) switch
        {
            (long a, long b) => a == b,
            (float a, float b) => a.Equals(b),
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (long[] a, long[] b) => a.AsSpan().SequenceEqual(b),
            (float[] a, float[] b) => a.AsSpan().SequenceEqual(b),
            (byte[][] a, byte[][] b) => a.Length == b.Length && a.Zip(b).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
            (OnnxTensor a, OnnxTensor b) => a.ContentEquals(b),
            _ => false,
        };

    private static int Hash(object? content)
    {
        var hash = new HashCode();
        switch (content)
        {
            case long or float:
                hash.Add(content);
                break;
            case byte[] bytes:
                hash.AddBytes(bytes);
                break;
            case long[] numbers:
                Array.ForEach(numbers, hash.Add);
                break;
            case float[] numbers:
                Array.ForEach(numbers, hash.Add);
                break;
            case OnnxTensor tensor:
                return TensorContentComparer.Instance.GetHashCode(tensor);
            default:
                break;
        }
        return hash.ToHashCode();
    }
}
