using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>
/// Scaled dot products of queries with keys, softmax, and the mean of values by them (Vaswani et al. 2017): [B,heads,S,d] or
/// [B,S,heads·d], with a mask, keys and values of earlier steps, groups of queries that share keys, and a soft cap.
/// </summary>
internal static class Attention
{
    private static readonly Operator RepeatInterleave = new("aten::repeat_interleave", "self_int");
    private static readonly Operator LowerTriangle = new("aten::tril");
    private static readonly Operator Ones = new("aten::ones");
    private static readonly Operator MaskedFill = new("aten::masked_fill", "Scalar");

    public static Kernel Compile(NodeContext node)
    {
        long queryHeads = node.Attributes.GetInt("q_num_heads", 0);
        long keyHeads = node.Attributes.GetInt("kv_num_heads", 0);
        bool causal = node.Attributes.GetInt("is_causal", 0) != 0;
        double? scale = node.Attributes.Contains("scale") ? node.Attributes.GetFloat("scale", 1) : null;
        double softCap = node.Attributes.GetFloat("softcap", 0);
        long shown = node.Attributes.GetInt("qk_matmul_output_mode", 0);
        if (causal && node.HasInput(6))
        {
            throw node.Unsupported("ONNX allows is_causal together with nonpad_kv_seqlen; the training engine does not execute both at once");
        }
        return frame =>
        {
            bool isFlat = frame.Input(0).Rank == 3;
            Tensor query = isFlat ? Heads(frame, frame.Input(0), queryHeads) : frame.Input(0);
            Tensor key = isFlat ? Heads(frame, frame.Input(1), keyHeads) : frame.Input(1);
            Tensor value = isFlat ? Heads(frame, frame.Input(2), keyHeads) : frame.Input(2);
            long past = 0;
            if (frame.OptionalInput(4) is { } pastKey)
            {
                past = pastKey.Shape[2];
                key = frame.Concatenate(2, pastKey, key);
                value = frame.Concatenate(2, frame.Input(5), value);
            }
            (Tensor presentKey, Tensor presentValue) = (key, value);
            long group = query.Shape[1] / key.Shape[1];
            if (group > 1)
            {
                key = frame.Run(RepeatInterleave, key, group, 1);
                value = frame.Run(RepeatInterleave, value, group, 1);
            }
            double root = Math.Sqrt(scale ?? (1 / Math.Sqrt(query.Shape[3])));
            Tensor scores = frame.MatMul(frame.Multiply(query, root), frame.Multiply(frame.Swap(key, 2, 3), root));
            Tensor output = scores;
            if (softCap > 0)
            {
                scores = frame.Multiply(frame.Tanh(frame.Multiply(scores, 1 / softCap)), softCap);
            }
            output = shown == 1 ? scores : output;
            scores = Masked(frame, scores, causal, past);
            output = shown == 2 ? scores : output;
            Tensor weights = frame.Softmax(scores, -1);
            output = shown == 3 ? weights : output;
            Tensor y = frame.MatMul(weights, value);
            if (isFlat)
            {
                long[] shape = y.Shape;
                y = frame.Reshape(frame.Swap(y, 1, 2), shape[0], shape[2], shape[1] * shape[3]);
            }
            frame.Output(y);
            frame.Output(presentKey, 1);
            frame.Output(presentValue, 2);
            frame.Output(output, 3);
        };
    }

    private static Tensor Heads(KernelFrame frame, Tensor flat, long heads)
    {
        long[] shape = flat.Shape;
        return frame.Swap(frame.Reshape(flat, shape[0], shape[1], heads, shape[2] / heads), 1, 2);
    }

    private static Tensor Masked(KernelFrame frame, Tensor scores, bool causal, long past)
    {
        long[] shape = scores.Shape;
        (long queries, long keys) = (shape[2], shape[3]);
        if (causal)
        {
            Tensor seen = frame.Run(LowerTriangle, frame.Run(Ones, (long[])[queries, keys], DataType.Bool, Argument.None, frame.Device), past);
            scores = frame.Run(MaskedFill, scores, frame.Not(seen), double.NegativeInfinity);
        }
        if (frame.OptionalInput(3) is { } mask)
        {
            bool isTruth = mask.Type == DataType.Bool;
            long missing = keys - mask.Shape[^1];
            mask = missing > 0 ? frame.Pad(mask, [0, missing], isTruth ? 0 : double.NegativeInfinity) : mask;
            scores = isTruth
                ? frame.Run(MaskedFill, scores, frame.Not(mask), double.NegativeInfinity)
                : frame.Add(scores, frame.To(mask, scores.Type));
        }
        if (frame.OptionalInput(6) is { } lengths)
        {
            Tensor outside = frame.Not(frame.IsLess(frame.Count(keys), frame.Reshape(lengths, -1, 1, 1, 1)));
            scores = frame.Run(MaskedFill, scores, outside, double.NegativeInfinity);
        }
        return scores;
    }
}
