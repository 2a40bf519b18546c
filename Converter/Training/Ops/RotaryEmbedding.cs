using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Turns pairs of features by angles that grow with the position (Su et al. 2021).</summary>
internal static class RotaryEmbedding
{
    public static Kernel Compile(NodeContext node)
    {
        bool interleaved = node.Attributes.GetInt("interleaved", 0) != 0;
        long heads = node.Attributes.GetInt("num_heads", 0);
        long turned = node.Attributes.GetInt("rotary_embedding_dim", 0);
        return frame =>
        {
            Tensor input = frame.Input(0);
            long[] shape = input.Shape;
            bool isFlat = shape.Length == 3;
            // [B,S,heads,d]
            Tensor x = isFlat ? frame.Reshape(input, shape[0], shape[1], heads, shape[2] / heads) : frame.Swap(input, 1, 2);
            long size = x.Shape[3];
            long part = turned == 0 ? size : turned;
            Tensor cosine = Angles(frame, 1, part);
            Tensor sine = Angles(frame, 2, part);
            Tensor first = interleaved ? frame.Slice(x, 3, 0, part, 2) : frame.Slice(x, 3, 0, part / 2);
            Tensor second = interleaved ? frame.Slice(x, 3, 1, part, 2) : frame.Slice(x, 3, part / 2, part);
            Tensor real = frame.Subtract(frame.Multiply(cosine, first), frame.Multiply(sine, second));
            Tensor imaginary = frame.Add(frame.Multiply(sine, first), frame.Multiply(cosine, second));
            Tensor result = interleaved
                ? frame.Reshape(frame.Stack(4, real, imaginary), [.. x.Shape[..3], part])
                : frame.Concatenate(3, real, imaginary);
            result = part < size ? frame.Concatenate(3, result, frame.Slice(x, 3, part, size)) : result;
            frame.Output(isFlat ? frame.Reshape(result, shape) : frame.Swap(result, 1, 2));
        };
    }

    /// <summary>The table at each position: [B,S,1,part/2].</summary>
    private static Tensor Angles(KernelFrame frame, int input, long part)
    {
        Tensor table = frame.Input(input);
        if (frame.OptionalInput(3) is { } positions)
        {
            long[] at = positions.Shape;
            table = frame.Reshape(frame.IndexSelect(table, 0, frame.Reshape(positions, -1)), at[0], at[1], -1);
        }
        return frame.Unsqueeze(frame.Slice(table, 2, 0, part / 2), 2);
    }
}
