using System.Numerics.Tensors;

namespace Edge.Inference;

/// <summary>
/// Detectors with a box an anchor and the background as class 0 (SSD, Liu et al. 2016, arXiv 1512.02325): scores <c>[1, anchors, 1 +
/// classes]</c> as probabilities, and boxes <c>[1, anchors, 4]</c>: either corners as shares of the input, or, for UltraFace without
/// its decoding, distances from its anchors.
/// </summary>
internal sealed class Ssd : DetectorHead
{
    // Of UltraFace, by its authors' vision/ssd/config/fd_config.py: anchor sizes in pixels by stride, and the scale of the distances.
    private const float CentreVariance = 0.1f;
    private const float SizeVariance = 0.2f;
    private static readonly (int Stride, float[] Sizes)[] Grids = [(8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256])];

    private readonly int _scores;
    private readonly int _boxes;
    private readonly int _width;
    private readonly float _inputWidth;
    private readonly float _inputHeight;
    private readonly float[]? _anchors;

    private Ssd(HeadContext context, bool hasAnchors)
    {
        _boxes = -1;
        for (int i = 0; i < context.Outputs.Count; i++)
        {
            _boxes = context.Outputs[i].Dimensions is [_, _, 4] && (_boxes < 0 || context.Outputs[i].Name.Contains("box", StringComparison.OrdinalIgnoreCase)) ? i : _boxes;
        }
        _scores = _boxes == 0 ? 1 : 0;
        TensorPort boxes = context.Require(_boxes, 3, "float32 [1, anchors, 4] boxes");
        TensorPort scores = context.Require(_scores, 3, "float32 [1, anchors, 1 + classes] scores");
        _width = (int)scores.Dimensions[2];
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
        if (_width < 2 || scores.Dimensions[1] != boxes.Dimensions[1])
        {
            throw context.Misfit($"'{scores.Name}' is {scores} and '{boxes.Name}' {boxes}, not scores and boxes of the same anchors");
        }
        _anchors = hasAnchors ? Anchors(context.Input.Width, context.Input.Height) : null;
        if (_anchors is not null && _anchors.Length != 4 * boxes.Dimensions[1])
        {
            throw context.Misfit($"{boxes.Dimensions[1]} anchors, but an input of {context.Input.Width} × {context.Input.Height} has {_anchors.Length / 4}");
        }
    }

    internal override int Classes => _width - 1;

    internal static Ssd Decoded(HeadContext context) => new(context, hasAnchors: false);

    internal static Ssd UltraFace(HeadContext context) => new(context, hasAnchors: true);

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> scores = session.Output(_scores);
        ReadOnlySpan<float> boxes = session.Output(_boxes);
        for (int at = 0; scores.Length >= _width; at += 4, scores = scores[_width..])
        {
            int best = _width == 2 ? 0 : TensorPrimitives.IndexOfMax(scores[1.._width]);
            float score = scores[1 + best];
            if (!(score >= threshold))
            {
                continue;
            }
            ReadOnlySpan<float> box = boxes.Slice(at, 4);
            if (_anchors is null)
            {
                candidates.Add(box[0] * _inputWidth, box[1] * _inputHeight, box[2] * _inputWidth, box[3] * _inputHeight, best, score);
                continue;
            }
            ReadOnlySpan<float> anchor = _anchors.AsSpan(at, 4);
            candidates.AddCentred(
                anchor[0] + (box[0] * CentreVariance * anchor[2]), anchor[1] + (box[1] * CentreVariance * anchor[3]),
                anchor[2] * MathF.Exp(box[2] * SizeVariance), anchor[3] * MathF.Exp(box[3] * SizeVariance), best, score);
        }
    }

    // Centre and size in pixels, cut at the input's edges as the authors' are.
    private static float[] Anchors(int width, int height)
    {
        var anchors = new List<float>();
        foreach ((int stride, float[] sizes) in Grids)
        {
            int columns = (width + stride - 1) / stride, rows = (height + stride - 1) / stride;
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++)
                {
                    foreach (float size in sizes)
                    {
                        float relativeWidth = size / width, relativeHeight = size / height;
                        anchors.Add(Math.Clamp((x + 0.5f) * stride / width, 0, 1) * width);
                        anchors.Add(Math.Clamp((y + 0.5f) * stride / height, 0, 1) * height);
                        anchors.Add(Math.Clamp(relativeWidth, 0, 1) * width);
                        anchors.Add(Math.Clamp(relativeHeight, 0, 1) * height);
                    }
                }
            }
        }
        return [.. anchors];
    }
}
