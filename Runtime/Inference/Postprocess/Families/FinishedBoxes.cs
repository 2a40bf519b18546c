using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>
/// Models with suppression inside that always give the same number of boxes: TensorFlow's detection models (corners as shares of the
/// input, y before x, classes counted from 1) and TensorRT's EfficientNMS (corners in pixels, classes from 0). The outputs are told
/// apart by their names: boxes <c>[1, boxes, 4]</c>, scores and classes <c>[1, boxes]</c>, and how many boxes are meant, where it is given.
/// </summary>
internal sealed class FinishedBoxes : DetectorHead
{
    private readonly int _boxes;
    private readonly int _scores;
    private readonly int _classes;
    private readonly int _count;
    private readonly TensorElementType _classType;
    private readonly TensorElementType _countType;
    private readonly bool _isRelative;
    private readonly float _inputWidth;
    private readonly float _inputHeight;

    private FinishedBoxes(HeadContext context, bool isRelative)
    {
        _isRelative = isRelative;
        _boxes = context.Named("boxes", "box");
        _scores = context.Named("scores", "score");
        _classes = context.Named("classes", "labels", "class");
        _count = context.Named("num", "count");
        TensorPort boxes = context.Require(_boxes, 3, "float32 [1, boxes, 4] boxes");
        TensorPort scores = context.Require(_scores, 2, "float32 [1, boxes] scores");
        if (_classes < 0 || context.Outputs[_classes].Length != scores.Length || boxes.Dimensions[2] != 4 || boxes.Dimensions[1] != scores.Length)
        {
            throw context.Misfit("boxes, scores and classes are not as many");
        }
        _classType = Number(context, _classes);
        _countType = _count < 0 ? TensorElementType.Float : Number(context, _count);
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
        Classes = context.RequireLabels();
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 1;

    internal static FinishedBoxes TensorFlow(HeadContext context) => new(context, isRelative: true);

    internal static FinishedBoxes EfficientNms(HeadContext context) => new(context, isRelative: false);

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> boxes = session.Output(_boxes);
        ReadOnlySpan<float> scores = session.Output(_scores);
        double count = _count < 0 ? scores.Length : Read(session, _count, _countType, 0);
        for (int i = 0; i < scores.Length && i < count; i++)
        {
            double number = Read(session, _classes, _classType, i) - (_isRelative ? 1 : 0);
            if (!(scores[i] >= threshold) || !(number >= 0 && number < Classes))
            {
                continue;
            }
            ReadOnlySpan<float> box = boxes.Slice(4 * i, 4);
            float score = scores[i];
            if (_isRelative)
            {
                candidates.Add(box[1] * _inputWidth, box[0] * _inputHeight, box[3] * _inputWidth, box[2] * _inputHeight, (int)number, score);
            }
            else
            {
                candidates.Add(box[0], box[1], box[2], box[3], (int)number, score);
            }
        }
    }

    private static double Read(ModelSession session, int output, TensorElementType type, int index) => type switch
    {
        TensorElementType.Int32 => session.Output<int>(output)[index],
        TensorElementType.Int64 => session.Output<long>(output)[index],
        _ => session.Output(output)[index],
    };

    private static TensorElementType Number(HeadContext context, int output)
    {
        TensorPort port = context.Outputs[output];
        return port.ElementType is TensorElementType.Float or TensorElementType.Int32 or TensorElementType.Int64 && port.Length > 0
            ? port.ElementType
            : throw context.Misfit($"'{port.Name}' is {port}, not float32, int32 or int64");
    }
}
