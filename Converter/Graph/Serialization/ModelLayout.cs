using Google.Protobuf;

namespace Edge.Graph.Serialization;

/// <summary>Where things lie in the bytes of an ONNX file.</summary>
public static class ModelLayout
{
    // Field numbers of ModelProto.graph and GraphProto.initializer.
    private const int GraphField = 7;
    private const int InitializerField = 5;

    /// <summary>
    /// Finds where each weight begins and ends, so that a package can be cut there and two releases share what did not change.
    /// </summary>
    /// <param name="onnx">The content of an ONNX file.</param>
    /// <returns>Offsets from the beginning, rising; empty if the bytes are no model.</returns>
    public static IReadOnlyList<long> TensorOffsets(byte[] onnx)
    {
        var offsets = new SortedSet<long>();
        try
        {
            using var input = new CodedInputStream(onnx);
            long graphEnd = 0;
            while (true)
            {
                long start = input.Position;
                uint tag = input.ReadTag();
                if (tag == 0)
                {
                    break;
                }
                int field = WireFormat.GetTagFieldNumber(tag);
                if (start >= graphEnd && field == GraphField)
                {
                    graphEnd = input.ReadLength() + input.Position;
                    continue;
                }
                input.SkipLastField();
                if (start < graphEnd && field == InitializerField)
                {
                    offsets.Add(start);
                    offsets.Add(input.Position);
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            offsets.Clear();
        }
        return [.. offsets];
    }
}
