using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Edge.Inference;

/// <summary>
/// YOLOX (Ge et al. 2021, arXiv 2107.08430) as its authors export it: <c>[1, anchors, 5 + classes]</c> with centre, size, object
/// and class scores, where centre and size are still in cells of the anchor's grid (strides 8, 16, 32 and, in large models, 64;
/// the size as a logarithm) and the scores are probabilities. A box's score is object × best class.
/// </summary>
internal sealed class YoloX : DetectorHead
{
    private const int ScoresAt = 5;
    private readonly int _output;
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly int _strides;

    internal YoloX(HeadContext context)
    {
        _output = context.OutputIndex();
        TensorPort port = context.Outputs[_output];
        if (port.ElementType != TensorElementType.Float || port.Dimensions.Count != 3 || port.Dimensions[0] != 1 || port.Dimensions[2] <= ScoresAt)
        {
            throw context.Misfit($"'{port.Name}' is {port}, not float32 [1, anchors, 5 + classes]");
        }
        Classes = (int)port.Dimensions[2] - ScoresAt;
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
        for (_strides = 3; _strides <= 4 && Anchors(_strides) != port.Dimensions[1]; _strides++)
        {
        }
        if (_strides > 4)
        {
            throw context.Misfit($"{port.Dimensions[1]} anchors, but an input of {_inputWidth} × {_inputHeight} has {Anchors(3)}");
        }
    }

    internal override int Classes { get; }

    /// <inheritdoc/>
    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> output = session.Output(_output);
        int width = ScoresAt + Classes;
        for (int level = 0; level < _strides; level++)
        {
            int stride = 8 << level;
            int columns = _inputWidth / stride, rows = _inputHeight / stride;
            for (int y = 0; y < rows; y++)
            {
                for (int x = 0; x < columns; x++, output = output[width..])
                {
                    float objectness = output[4];
                    // No class score is above 1: most anchors end here.
                    if (!(objectness >= threshold))
                    {
                        continue;
                    }
                    ReadOnlySpan<float> scores = output[ScoresAt..width];
                    int best = TensorPrimitives.IndexOfMax(scores);
                    float score = objectness * scores[best];
                    if (!(score >= threshold))
                    {
                        continue;
                    }
                    float centerX = (output[0] + x) * stride, centerY = (output[1] + y) * stride;
                    float halfWidth = MathF.Exp(output[2]) * stride / 2, halfHeight = MathF.Exp(output[3]) * stride / 2;
                    candidates.Add(centerX - halfWidth, centerY - halfHeight, centerX + halfWidth, centerY + halfHeight, best, score);
                }
            }
        }
    }

    private long Anchors(int strides)
    {
        long anchors = 0;
        for (int level = 0; level < strides; level++)
        {
            anchors += (long)(_inputWidth / (8 << level)) * (_inputHeight / (8 << level));
        }
        return anchors;
    }
}
