using Edge.Graph;

namespace Edge.Training.Data;

/// <summary>What raw numbers in a file without a header are.</summary>
/// <param name="Type">What the elements are; little-endian.</param>
/// <param name="Shape">The size of each dimension of one sample.</param>
public sealed record BinaryFormat(ElementType Type, IReadOnlyList<int> Shape)
{
    /// <summary>Bytes of one sample.</summary>
    /// <exception cref="DataException">A size is not positive, the type is none of whole bytes, or a sample would be over 256 MiB.</exception>
    public int SampleBytes
    {
        get
        {
            long bytes = Type.BitsPerElement() / 8;
            foreach (int size in Shape)
            {
                bytes = size > 0 && bytes <= Field.MaximumBytes / size ? bytes * size : 0;
            }
            return bytes > 0 ? (int)bytes : throw new DataException($"raw data: samples of {Type.Text()}[{string.Join(',', Shape)}] are empty or too large; name their type and shape");
        }
    }
}
