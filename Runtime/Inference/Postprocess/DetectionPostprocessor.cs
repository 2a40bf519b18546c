using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>A detector's outputs to boxes in source pixels: decode, drop overlaps of one class, map back, cut at the image's edges.</summary>
internal sealed class DetectionPostprocessor : Postprocessor
{
    private const int DefaultMaxDetections = 100;
    private readonly DetectorHead _head;
    private readonly InputSpec _input;
    private readonly Suppression _suppression;
    private readonly CandidateList _candidates = new();
    private readonly Candidate[] _kept;
    private readonly Landmark[] _landmarks;

    internal DetectionPostprocessor(HeadContext context, int? maxDetections)
    {
        _head = DetectorFamilies.Create(context);
        // Classes behind the last label have their numbers for names; labels without a class mean another model.
        if (context.Labels > _head.Classes)
        {
            throw new InferenceException($"{context.Source}: the model tells {_head.Classes} classes apart, {PackagePath.Labels} names {context.Labels}; make the package again");
        }
        _input = context.Input;
        Threshold = context.Output.Threshold;
        _suppression = new Suppression(context.Output.Suppression, context.Output.IouThreshold ?? _head.DefaultIouThreshold);
        _kept = new Candidate[maxDetections ?? context.Output.MaxDetections ?? DefaultMaxDetections];
        _landmarks = new Landmark[_head.Landmarks];
    }

    internal int Classes => _head.Classes;

    internal int MaxDetections => _kept.Length;

    internal int Landmarks => _head.Landmarks;

    internal override void Run(ModelSession session, in Placement placement, VisionResult result)
    {
        _candidates.Clear();
        _head.Decode(session, Threshold, _candidates);
        int kept = _suppression.Run(_candidates.Sorted(), _kept, Threshold);
        double scaleX = placement.SourceWidth / placement.TargetWidth, scaleY = placement.SourceHeight / placement.TargetHeight;
        if (_input.Resize == ResizeMode.Letterbox)
        {
            // One scale for both axes, before sizes were rounded: so labels were scaled in training, and so all letterboxing detectors map back.
            scaleX = scaleY = Math.Max(placement.SourceWidth / _input.Width, placement.SourceHeight / _input.Height);
        }
        result.ClearDetections();
        foreach (ref readonly Candidate box in _kept.AsSpan(0, kept))
        {
            float left = (float)Math.Clamp(placement.SourceX + ((box.Left - placement.TargetX) * scaleX), 0, result.SourceWidth);
            float top = (float)Math.Clamp(placement.SourceY + ((box.Top - placement.TargetY) * scaleY), 0, result.SourceHeight);
            float right = (float)Math.Clamp(placement.SourceX + ((box.Right - placement.TargetX) * scaleX), 0, result.SourceWidth);
            float bottom = (float)Math.Clamp(placement.SourceY + ((box.Bottom - placement.TargetY) * scaleY), 0, result.SourceHeight);
            // A box in the padding is not in the image.
            if (right > left && bottom > top)
            {
                _head.ReadLandmarks(session, box.Anchor, _landmarks);
                foreach (ref Landmark point in _landmarks.AsSpan())
                {
                    point = new Landmark(
                        (float)(placement.SourceX + ((point.X - placement.TargetX) * scaleX)), (float)(placement.SourceY + ((point.Y - placement.TargetY) * scaleY)));
                }
                result.Add(new Detection(left, top, right, bottom, box.Class, box.Score), _landmarks);
            }
        }
    }
}
