using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Edge.Graph.Passes.Matching;

/// <summary>float32 tensors as float16.</summary>
internal static class HalfTensor
{
    /// <summary>The tensor with every element rounded to float16; null where a finite one would become infinite.</summary>
    internal static OnnxTensor? TryNarrow(OnnxTensor tensor)
    {
        ReadOnlySpan<float> source = tensor.AsSpan<float>();
        byte[] bytes = new byte[source.Length * 2];
        Span<Half> target = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
        TensorPrimitives.ConvertToHalf(source, target);
        for (int index = 0; index < source.Length; index++)
        {
            if (Half.IsInfinity(target[index]) && float.IsFinite(source[index]))
            {
                return null;
            }
        }
        return new OnnxTensor(ElementType.Float16, tensor.Dims, bytes);
    }
}
