using Edge.Imaging;
using Edge.Packages;

namespace Edge.Inference;

/// <summary>A detector's outputs to boxes in source pixels: decode, drop overlaps of one class, map back, cut at the image's edges.</summary>
internal sealed class DetectionPostprocessor : Postprocessor
{
    private const int DefaultMaxDetections = 100;
    private readonly DetectorHead _head;
    private readonly float _iouThreshold;
    private readonly CandidateList _candidates = new();
    private readonly Candidate[] _kept;

    internal DetectionPostprocessor(HeadContext context, int? maxDetections)
    {
        _head = DetectorFamilies.Create(context);
        if (context.Labels != 0 && context.Labels != _head.Classes)
        {
            throw new InferenceException($"{context.Source}: the model tells {_head.Classes} classes apart, {PackagePath.Labels} names {context.Labels}; make the package again");
        }
        Threshold = context.Output.Threshold;
        _iouThreshold = context.Output.IouThreshold ?? _head.DefaultIouThreshold;
        _kept = new Candidate[maxDetections ?? context.Output.MaxDetections ?? DefaultMaxDetections];
    }

    internal int Classes => _head.Classes;

    internal int MaxDetections => _kept.Length;

    internal override void Run(ModelSession session, in Placement placement, VisionResult result)
    {
        _candidates.Clear();
        _head.Decode(session, Threshold, _candidates);
        int kept = Suppress(_candidates.Sorted());
        double scaleX = placement.SourceWidth / placement.TargetWidth, scaleY = placement.SourceHeight / placement.TargetHeight;
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
                result.Add(new Detection(left, top, right, bottom, box.Class, box.Score));
            }
        }
    }

    // Greedy non-maximum suppression within each class; the work is bounded by candidates times boxes kept.
    private int Suppress(ReadOnlySpan<Candidate> sorted)
    {
        int kept = 0;
        foreach (ref readonly Candidate box in sorted)
        {
            bool free = true;
            for (int i = 0; i < kept && free; i++)
            {
                free = _kept[i].Class != box.Class || !(box.Overlap(_kept[i]) > _iouThreshold);
            }
            if (free)
            {
                _kept[kept++] = box;
                if (kept == _kept.Length)
                {
                    break;
                }
            }
        }
        return kept;
    }
}
