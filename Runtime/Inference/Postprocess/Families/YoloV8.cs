namespace Edge.Inference;

/// <summary>
/// YOLOv8, YOLOv9 and YOLO11 as Ultralytics exports them: <c>[1, 4 + classes, candidates]</c>, a candidate a column: centre x, centre y,
/// width and height in pixels of the input, then a probability a class.
/// </summary>
internal sealed class YoloV8 : DetectorHead
{
    private const int ScoresAt = 4;
    private readonly int _output;
    private readonly float[] _best;
    private readonly int[] _classes;

    internal YoloV8(HeadContext context)
    {
        _output = context.OutputIndex();
        TensorPort port = context.Require(_output, 3, "float32 [1, 4 + classes, candidates]");
        (long rows, long columns) = (port.Dimensions[1], port.Dimensions[2]);
        if (rows <= ScoresAt || (context.Labels > 0 && rows != ScoresAt + context.Labels))
        {
            throw context.Misfit($"'{port.Name}' is {port}, and {(context.Labels > 0 ? $"{context.Labels} classes are named" : "4 + classes rows are needed")}");
        }
        Classes = (int)rows - ScoresAt;
        _best = new float[columns];
        _classes = new int[columns];
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 0.7f;

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> output = session.Output(_output);
        int columns = _best.Length;
        ColumnMaximum.Find(output[(ScoresAt * columns)..], _best, _classes);
        for (int i = 0; i < columns; i++)
        {
            if (_best[i] >= threshold)
            {
                candidates.AddCentred(output[i], output[columns + i], output[(2 * columns) + i], output[(3 * columns) + i], _classes[i], _best[i]);
            }
        }
    }
}
