using System.Numerics.Tensors;

namespace Edge.Inference;

/// <summary>
/// YOLOv5 and YOLOv7. Exported with their detection layer: <c>[1, candidates, 5 + classes]</c>, a candidate a row: centre and size in
/// pixels of the input, object and class probabilities. Exported without: one output a stride (8, 16, 32), <c>[1, 3, rows, columns,
/// 5 + classes]</c> of raw numbers for three anchors a cell. A box's score is object × best class.
/// </summary>
internal sealed class YoloV5 : DetectorHead
{
    private const int ScoresAt = 5;
    private const int AnchorsPerCell = 3;

    // Widths and heights in pixels, by stride; from the authors' model files yolov5s.yaml and yolov7.yaml.
    private static readonly float[] Anchors5 = [10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326];
    private static readonly float[] Anchors7 = [12, 16, 19, 36, 40, 28, 36, 75, 76, 55, 72, 146, 142, 110, 192, 243, 459, 401];

    private readonly int _output;
    private readonly Level[] _levels;
    private readonly float[] _anchors;

    private YoloV5(HeadContext context, float[] anchors)
    {
        _anchors = anchors;
        _output = context.OutputIndex();
        bool isRaw = context.Outputs[_output].Dimensions.Count == 5;
        _levels = isRaw ? Levels(context) : [];
        TensorPort port = context.Require(_output, isRaw ? 5 : 3, "float32 [1, candidates, 5 + classes], or [1, 3, rows, columns, 5 + classes] for each stride");
        Classes = (int)port.Dimensions[^1] - ScoresAt;
        if (Classes <= 0)
        {
            throw context.Misfit($"'{port.Name}' is {port}: a candidate needs 5 + classes numbers");
        }
    }

    internal override int Classes { get; }

    internal static YoloV5 Version5(HeadContext context) => new(context, Anchors5);

    internal static YoloV5 Version7(HeadContext context) => new(context, Anchors7);

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        if (_levels.Length == 0)
        {
            DecodeRows(session.Output(_output), threshold, candidates);
        }
        float least = Logistic.Inverse(threshold);
        for (int i = 0; i < _levels.Length; i++)
        {
            DecodeCells(session.Output(_levels[i].Output), _levels[i], _anchors.AsSpan(i * 2 * AnchorsPerCell, 2 * AnchorsPerCell), threshold, least, candidates);
        }
    }

    private void DecodeRows(ReadOnlySpan<float> output, float threshold, CandidateList candidates)
    {
        int width = ScoresAt + Classes;
        for (; output.Length >= width; output = output[width..])
        {
            float objectness = output[4];
            // No class score is above 1: most candidates end here.
            if (!(objectness >= threshold))
            {
                continue;
            }
            ReadOnlySpan<float> scores = output[ScoresAt..width];
            int best = TensorPrimitives.IndexOfMax(scores);
            float score = objectness * scores[best];
            if (score >= threshold)
            {
                candidates.AddCentred(output[0], output[1], output[2], output[3], best, score);
            }
        }
    }

    private void DecodeCells(ReadOnlySpan<float> output, in Level level, ReadOnlySpan<float> anchors, float threshold, float least, CandidateList candidates)
    {
        int width = ScoresAt + Classes;
        for (int anchor = 0; anchor < AnchorsPerCell; anchor++)
        {
            for (int y = 0; y < level.Rows; y++)
            {
                for (int x = 0; x < level.Columns; x++, output = output[width..])
                {
                    if (!(output[4] >= least))
                    {
                        continue;
                    }
                    ReadOnlySpan<float> scores = output[ScoresAt..width];
                    int best = TensorPrimitives.IndexOfMax(scores);
                    float score = Logistic.Of(output[4]) * Logistic.Of(scores[best]);
                    if (score >= threshold)
                    {
                        float w = 2 * Logistic.Of(output[2]), h = 2 * Logistic.Of(output[3]);
                        candidates.AddCentred(
                            ((2 * Logistic.Of(output[0])) - 0.5f + x) * level.Stride, ((2 * Logistic.Of(output[1])) - 0.5f + y) * level.Stride,
                            w * w * anchors[2 * anchor], h * h * anchors[(2 * anchor) + 1], best, score);
                    }
                }
            }
        }
    }

    private static Level[] Levels(HeadContext context)
    {
        var levels = new Level[3];
        for (int i = 0; i < levels.Length; i++)
        {
            int stride = 8 << i;
            (int rows, int columns) = (context.Input.Height / stride, context.Input.Width / stride);
            int output = -1;
            for (int o = 0; o < context.Outputs.Count; o++)
            {
                IReadOnlyList<long> shape = context.Outputs[o].Dimensions;
                output = shape.Count == 5 && shape[1] == AnchorsPerCell && shape[2] == rows && shape[3] == columns ? o : output;
            }
            context.Require(output, 5, $"float32 [1, 3, {rows}, {columns}, 5 + classes] for the stride {stride}");
            levels[i] = new Level(output, stride, rows, columns);
        }
        return levels;
    }

    private readonly record struct Level(int Output, int Stride, int Rows, int Columns);
}
