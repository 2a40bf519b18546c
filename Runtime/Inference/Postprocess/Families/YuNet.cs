namespace Edge.Inference;

/// <summary>
/// YuNet (Wu et al. 2023, "YuNet: A Tiny Millisecond-level Face Detector"): for each of the strides 8, 16 and 32 the outputs
/// <c>cls_s</c>, <c>obj_s</c>, <c>bbox_s</c> and <c>kps_s</c> with a row a cell. A face's score is √(class × object); its landmarks are
/// right eye, left eye, nose, right and left corner of the mouth.
/// </summary>
internal sealed class YuNet : DetectorHead
{
    private const int Points = 5;
    private readonly Level[] _levels = new Level[3];

    internal YuNet(HeadContext context)
    {
        int first = 0;
        for (int i = 0; i < _levels.Length; i++)
        {
            int stride = 8 << i;
            (int rows, int columns) = (context.Input.Height / stride, context.Input.Width / stride);
            int Find(string kind, int width)
            {
                int index = context.Named($"{kind}_{stride}");
                TensorPort port = context.Require(index, 3, $"float32 [1, {rows * columns}, {width}] named {kind}_{stride}");
                return port.Dimensions[1] == rows * columns && port.Dimensions[2] == width ? index : throw context.Misfit($"'{port.Name}' is {port}, not [1, {rows * columns}, {width}]");
            }
            _levels[i] = new Level(Find("cls", 1), Find("obj", 1), Find("bbox", 4), Find("kps", 2 * Points), stride, columns, first, rows * columns);
            first += rows * columns;
        }
    }

    internal override int Classes => 1;

    internal override int Landmarks => Points;

    internal override float DefaultIouThreshold => 0.3f;

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        float least = threshold * threshold;
        foreach (Level level in _levels)
        {
            ReadOnlySpan<float> cls = session.Output(level.Cls), obj = session.Output(level.Obj), boxes = session.Output(level.Box);
            for (int cell = 0; cell < level.Cells; cell++)
            {
                float product = Math.Clamp(cls[cell], 0, 1) * Math.Clamp(obj[cell], 0, 1);
                if (product >= least && product > 0)
                {
                    (int y, int x) = int.DivRem(cell, level.Columns);
                    ReadOnlySpan<float> box = boxes.Slice(4 * cell, 4);
                    candidates.AddCentred(
                        (x + box[0]) * level.Stride, (y + box[1]) * level.Stride,
                        MathF.Exp(box[2]) * level.Stride, MathF.Exp(box[3]) * level.Stride, 0, MathF.Sqrt(product), level.First + cell);
                }
            }
        }
    }

    internal override void ReadLandmarks(ModelSession session, int anchor, Span<Landmark> landmarks)
    {
        foreach (Level level in _levels)
        {
            int cell = anchor - level.First;
            if (cell >= 0 && cell < level.Cells)
            {
                (int y, int x) = int.DivRem(cell, level.Columns);
                ReadOnlySpan<float> points = session.Output(level.Kps).Slice(2 * Points * cell, 2 * Points);
                for (int i = 0; i < Points; i++)
                {
                    landmarks[i] = new Landmark((points[2 * i] + x) * level.Stride, (points[(2 * i) + 1] + y) * level.Stride);
                }
            }
        }
    }

    private readonly record struct Level(int Cls, int Obj, int Box, int Kps, int Stride, int Columns, int First, int Cells);
}
