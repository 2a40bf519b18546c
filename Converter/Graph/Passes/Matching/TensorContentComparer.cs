using System.Diagnostics.CodeAnalysis;

namespace Edge.Graph.Passes.Matching;

/// <summary>Tensors are equal when type, sizes and content are, bit for bit.</summary>
internal sealed class TensorContentComparer : IEqualityComparer<OnnxTensor>
{
    internal static TensorContentComparer Instance { get; } = new();

    public bool Equals(OnnxTensor? x, OnnxTensor? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.ContentEquals(y));

    public int GetHashCode([DisallowNull] OnnxTensor tensor)
    {
        var hash = new HashCode();
        hash.Add(tensor.Type);
        hash.Add(tensor.Length);
        hash.AddBytes(tensor.Bytes.Span);
        foreach (ReadOnlyMemory<byte> text in tensor.Strings ?? [])
        {
            hash.AddBytes(text.Span);
        }
        return hash.ToHashCode();
    }
}
