using Edge.Torch;

namespace Edge.Training.Ops;

/// <summary>Of boxes that overlap, keeps the one with the highest score: rows of batch, class and box. No gradient flows.</summary>
internal static class NonMaxSuppression
{
    public static Kernel Compile(NodeContext node)
    {
        bool isCentred = node.Attributes.GetInt("center_point_box", 0) != 0;
        return frame =>
        {
            long[] shape = frame.Input(1).Shape;
            (long batches, long classes, long count) = (shape[0], shape[1], shape[2]);
            float[] boxes = frame.Input(0).ToArray<float>();
            float[] scores = frame.Input(1).ToArray<float>();
            long most = frame.OptionalIntegers(2) is [var given, ..] ? given : 0;
            float overlap = frame.OptionalInput(3)?.ToArray<float>() is [var first, ..] ? first : 0;
            float? least = frame.OptionalInput(4)?.ToArray<float>() is [var second, ..] ? second : null;
            var rows = new List<long>();
            var kept = new List<int>();
            for (long batch = 0; batch < batches; batch++)
            {
                for (long type = 0; type < classes; type++)
                {
                    ReadOnlyMemory<float> own = scores.AsMemory((int)(((batch * classes) + type) * count), (int)count);
                    kept.Clear();
                    foreach (int box in Enumerable.Range(0, (int)count).Where(i => least is null || own.Span[i] > least).OrderByDescending(i => own.Span[i]))
                    {
                        if (kept.Count >= most)
                        {
                            break;
                        }
                        if (!kept.Exists(other => Overlap(Corners(batch, box), Corners(batch, other)) > overlap))
                        {
                            kept.Add(box);
                            rows.AddRange([batch, type, box]);
                        }
                    }
                }
            }
            frame.Output(Tensor.From<long>([.. rows], [rows.Count / 3, 3], frame.Device));

            (float Top, float Left, float Bottom, float Right) Corners(long batch, int box)
            {
                ReadOnlySpan<float> b = boxes.AsSpan((int)(((batch * count) + box) * 4), 4);
                return isCentred
                    ? (b[1] - (b[3] / 2), b[0] - (b[2] / 2), b[1] + (b[3] / 2), b[0] + (b[2] / 2))
                    : (Math.Min(b[0], b[2]), Math.Min(b[1], b[3]), Math.Max(b[0], b[2]), Math.Max(b[1], b[3]));
            }
        };
    }

    private static float Overlap((float Top, float Left, float Bottom, float Right) a, (float Top, float Left, float Bottom, float Right) b)
    {
        float height = Math.Max(0, Math.Min(a.Bottom, b.Bottom) - Math.Max(a.Top, b.Top));
        float width = Math.Max(0, Math.Min(a.Right, b.Right) - Math.Max(a.Left, b.Left));
        float common = height * width;
        float all = ((a.Bottom - a.Top) * (a.Right - a.Left)) + ((b.Bottom - b.Top) * (b.Right - b.Left)) - common;
        return all > 0 ? common / all : 0;
    }
}
