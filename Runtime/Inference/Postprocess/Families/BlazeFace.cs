namespace Edge.Inference;

/// <summary>
/// BlazeFace, front camera (Bazarevsky et al. 2019, arXiv 1907.05047), at 128 × 128: two anchors a cell of 8 pixels, then six a cell of 16;
/// score logits <c>[1, anchors, 1]</c> and <c>[1, anchors, 16]</c>: centre and size, then six landmarks, in pixels from the anchor. The
/// anchors come in one output each or in two. Landmarks: right eye, left eye, nose, mouth, right ear, left ear.
/// </summary>
internal sealed class BlazeFace : DetectorHead
{
    private const int Points = 6;
    private const int Width = 4 + (2 * Points);
    private const float LargestLogit = 100;
    private readonly List<Level> _levels = [];
    private readonly float[] _centres;

    internal BlazeFace(HeadContext context)
    {
        _centres = Centres(context.Input.Width, context.Input.Height);
        int first = 0;
        for (int i = 0; i < context.Outputs.Count; i++)
        {
            if (context.Outputs[i].Dimensions is not [1, var anchors, 1])
            {
                continue;
            }
            int boxes = -1;
            for (int o = 0; o < context.Outputs.Count; o++)
            {
                boxes = context.Outputs[o].Dimensions is [1, var rows, Width] && rows == anchors ? o : boxes;
            }
            context.Require(i, 3, "float32 scores");
            context.Require(boxes, 3, $"float32 [1, {anchors}, {Width}] boxes");
            _levels.Add(new Level(i, boxes, first, (int)anchors));
            first += (int)anchors;
        }
        if (first == 0 || 2 * first != _centres.Length)
        {
            throw context.Misfit($"{first} anchors, but an input of {context.Input.Width} × {context.Input.Height} has {_centres.Length / 2}");
        }
    }

    internal override int Classes => 1;

    internal override int Landmarks => Points;

    internal override float DefaultIouThreshold => 0.3f;

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        float least = Logistic.Inverse(threshold);
        foreach (Level level in _levels)
        {
            ReadOnlySpan<float> scores = session.Output(level.Scores), boxes = session.Output(level.Boxes);
            for (int i = 0; i < level.Anchors; i++)
            {
                if (scores[i] >= least)
                {
                    int anchor = level.First + i;
                    ReadOnlySpan<float> box = boxes.Slice(Width * i, 4);
                    candidates.AddCentred(
                        _centres[2 * anchor] + box[0], _centres[(2 * anchor) + 1] + box[1], box[2], box[3],
                        0, Logistic.Of(Math.Min(scores[i], LargestLogit)), anchor);
                }
            }
        }
    }

    internal override void ReadLandmarks(ModelSession session, int anchor, Span<Landmark> landmarks)
    {
        foreach (Level level in _levels)
        {
            int row = anchor - level.First;
            if (row >= 0 && row < level.Anchors)
            {
                ReadOnlySpan<float> points = session.Output(level.Boxes).Slice((Width * row) + 4, 2 * Points);
                for (int i = 0; i < Points; i++)
                {
                    landmarks[i] = new Landmark(_centres[2 * anchor] + points[2 * i], _centres[(2 * anchor) + 1] + points[(2 * i) + 1]);
                }
            }
        }
    }

    private static float[] Centres(int width, int height)
    {
        var centres = new List<float>();
        foreach ((int stride, int anchors) in ((int, int)[])[(8, 2), (16, 6)])
        {
            for (int cell = 0; cell < width / stride * (height / stride); cell++)
            {
                (int y, int x) = int.DivRem(cell, width / stride);
                for (int i = 0; i < anchors; i++)
                {
                    centres.Add((x + 0.5f) * stride);
                    centres.Add((y + 0.5f) * stride);
                }
            }
        }
        return [.. centres];
    }

    private readonly record struct Level(int Scores, int Boxes, int First, int Anchors);
}
