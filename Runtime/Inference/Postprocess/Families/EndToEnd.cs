namespace Edge.Inference;

/// <summary>
/// Detectors that need no suppression, such as YOLOv10 and YOLO26: <c>[1, boxes, 6]</c>, a box a row: left, top, right and bottom in
/// pixels of the input, score, class.
/// </summary>
internal sealed class EndToEnd : DetectorHead
{
    private const int Width = 6;
    private readonly int _output;

    internal EndToEnd(HeadContext context)
    {
        _output = context.OutputIndex();
        TensorPort port = context.Require(_output, 3, "float32 [1, boxes, 6]");
        if (port.Dimensions[2] != Width)
        {
            throw context.Misfit($"'{port.Name}' is {port}, not float32 [1, boxes, 6]");
        }
        Classes = context.RequireLabels();
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 1;

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        for (ReadOnlySpan<float> row = session.Output(_output); row.Length >= Width; row = row[Width..])
        {
            if (row[4] >= threshold && row[5] >= 0 && row[5] < Classes)
            {
                candidates.Add(row[0], row[1], row[2], row[3], (int)row[5], row[4]);
            }
        }
    }
}
