using System.Numerics.Tensors;

namespace Edge.Inference;

/// <summary>
/// Transformers that predict a set: DETR (Carion et al. 2020, arXiv 2005.12872), whose last class is "no object" under a softmax, and
/// RT-DETR (Zhao et al. 2023, arXiv 2304.08069), whose classes are independent logits. Two outputs: logits <c>[1, queries, classes]</c>
/// and boxes <c>[1, queries, 4]</c>, centre and size as shares of the input.
/// </summary>
internal sealed class Detr : DetectorHead
{
    private readonly int _logits;
    private readonly int _boxes;
    private readonly bool _isSoftmax;
    private readonly int _width;
    private readonly float _inputWidth;
    private readonly float _inputHeight;
    private readonly float[] _probabilities;

    private Detr(HeadContext context, bool isSoftmax)
    {
        _boxes = context.Named("box");
        _boxes = _boxes >= 0 ? _boxes : context.Outputs.Count - 1;
        _logits = context.Named("logit", "score", "cls");
        _logits = _logits >= 0 ? _logits : 0;
        TensorPort logits = context.Require(_logits, 3, "float32 [1, queries, classes] logits");
        TensorPort boxes = context.Require(_boxes, 3, "float32 [1, queries, 4] boxes");
        _width = (int)logits.Dimensions[2];
        Classes = _width - (isSoftmax ? 1 : 0);
        if (boxes.Dimensions[2] != 4 || boxes.Dimensions[1] != logits.Dimensions[1] || _logits == _boxes || Classes <= 0)
        {
            throw context.Misfit($"'{logits.Name}' is {logits} and '{boxes.Name}' {boxes}, not logits and boxes of the same queries");
        }
        _isSoftmax = isSoftmax;
        _probabilities = new float[_width];
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 1;

    internal static Detr WithNoObject(HeadContext context) => new(context, isSoftmax: true);

    internal static Detr RealTime(HeadContext context) => new(context, isSoftmax: false);

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> logits = session.Output(_logits);
        ReadOnlySpan<float> box = session.Output(_boxes);
        float least = Logistic.Inverse(threshold);
        for (; box.Length >= 4; box = box[4..], logits = logits[_width..])
        {
            int best = TensorPrimitives.IndexOfMax(logits[..Classes]);
            float score = _isSoftmax ? Softmax(logits[.._width], best) : logits[best] >= least ? Logistic.Of(logits[best]) : -1;
            if (score >= threshold)
            {
                candidates.AddCentred(box[0] * _inputWidth, box[1] * _inputHeight, box[2] * _inputWidth, box[3] * _inputHeight, best, score);
            }
        }
    }

    private float Softmax(ReadOnlySpan<float> logits, int index)
    {
        TensorPrimitives.SoftMax(logits, _probabilities);
        return _probabilities[index];
    }
}
