using System.Numerics.Tensors;

namespace Edge.Inference;

/// <summary>
/// Yolo-FastestV2 (dog-qiuqiu, 2021) as its authors export it: two grids (strides 16 and 32) <c>[1, rows, columns, 15 + classes]</c> of
/// probabilities: four box terms for each of three anchors, three object scores, and class scores that the anchors share.
/// </summary>
internal sealed class YoloFastestV2 : DetectorHead
{
    private const int AnchorsPerCell = 3;
    private const int ObjectsAt = 4 * AnchorsPerCell;
    private const int ScoresAt = 5 * AnchorsPerCell;

    // Widths and heights in pixels at an input of 352, by stride; from the authors' data/coco.data.
    private static readonly float[] Anchors = [12.64f, 19.39f, 37.88f, 51.48f, 55.71f, 138.31f, 126.91f, 78.23f, 131.57f, 214.55f, 279.92f, 258.87f];

    private readonly (int Output, int Rows, int Columns)[] _grids = new (int, int, int)[2];
    private readonly int _inputWidth;
    private readonly int _inputHeight;

    internal YoloFastestV2(HeadContext context)
    {
        (_inputWidth, _inputHeight) = (context.Input.Width, context.Input.Height);
        for (int i = 0; i < _grids.Length; i++)
        {
            int stride = 16 << i;
            (int rows, int columns) = (_inputHeight / stride, _inputWidth / stride);
            int output = -1;
            for (int o = 0; o < context.Outputs.Count; o++)
            {
                IReadOnlyList<long> shape = context.Outputs[o].Dimensions;
                output = shape.Count == 4 && shape[1] == rows && shape[2] == columns && shape[3] > ScoresAt ? o : output;
            }
            TensorPort port = context.Require(output, 4, $"float32 [1, {rows}, {columns}, 15 + classes] for the stride {stride}");
            _grids[i] = (output, rows, columns);
            Classes = (int)port.Dimensions[3] - ScoresAt;
        }
    }

    internal override int Classes { get; }

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        int width = ScoresAt + Classes;
        for (int grid = 0; grid < _grids.Length; grid++)
        {
            ReadOnlySpan<float> cell = session.Output(_grids[grid].Output);
            if (cell.Length != _grids[grid].Rows * _grids[grid].Columns * width)
            {
                continue;
            }
            float strideX = (float)_inputWidth / _grids[grid].Columns, strideY = (float)_inputHeight / _grids[grid].Rows;
            for (int y = 0; y < _grids[grid].Rows; y++)
            {
                for (int x = 0; x < _grids[grid].Columns; x++, cell = cell[width..])
                {
                    DecodeCell(cell[..width], x, y, strideX, strideY, Anchors.AsSpan(grid * 2 * AnchorsPerCell), threshold, candidates);
                }
            }
        }
    }

    private static void DecodeCell(
        ReadOnlySpan<float> cell, int x, int y, float strideX, float strideY, ReadOnlySpan<float> anchors, float threshold, CandidateList candidates)
    {
        int best = -1;
        for (int anchor = 0; anchor < AnchorsPerCell; anchor++)
        {
            float objectness = cell[ObjectsAt + anchor];
            if (!(objectness >= threshold))
            {
                continue;
            }
            best = best >= 0 ? best : TensorPrimitives.IndexOfMax(cell[ScoresAt..]);
            float score = objectness * cell[ScoresAt + best];
            if (score >= threshold)
            {
                ReadOnlySpan<float> box = cell.Slice(4 * anchor, 4);
                float w = 2 * box[2], h = 2 * box[3];
                candidates.AddCentred(
                    ((2 * box[0]) - 0.5f + x) * strideX, ((2 * box[1]) - 0.5f + y) * strideY,
                    w * w * anchors[2 * anchor], h * h * anchors[(2 * anchor) + 1], best, score);
            }
        }
    }
}
