using System.Numerics.Tensors;

namespace Edge.Inference;

/// <summary>
/// Detectors that give the distance of each side as a distribution (generalised focal loss, Li et al. 2020, arXiv 2006.04388): NanoDet
/// and PicoDet. Either one output <c>[1, cells, classes + 4 × bins]</c>, or for each stride class probabilities <c>[1, cells,
/// classes]</c> and distributions <c>[1, cells, 4 × bins]</c>.
/// </summary>
internal sealed class NanoDet : DetectorHead
{
    private const int UsualBins = 8;
    private readonly List<Level> _levels = [];
    private readonly float _centre;
    private readonly float[] _bins;

    private NanoDet(HeadContext context, float centre)
    {
        _centre = centre;
        TensorPort first = context.Require(0, 3, "float32 [1, cells, classes + 4 × bins]");
        bool isJoined = context.Outputs.Count == 1;
        int width = (int)first.Dimensions[2];
        Classes = context.Labels > 0 ? context.Labels : isJoined ? width - (4 * UsualBins) : width;
        int bins = UsualBins;
        long cells = 0;
        for (int stride = 8; stride <= 64 && (!isJoined || cells < first.Dimensions[1]); stride *= 2)
        {
            int columns = (context.Input.Width + stride - 1) / stride, rows = (context.Input.Height + stride - 1) / stride;
            if (isJoined)
            {
                bins = (width - Classes) / 4;
                _levels.Add(new Level(0, (int)cells * width, width, 0, ((int)cells * width) + Classes, width, stride, rows, columns));
            }
            else if (Find(context, rows * columns, Classes, -1) is >= 0 and int scores)
            {
                int sides = Find(context, rows * columns, -1, scores);
                TensorPort port = context.Require(sides, 3, $"float32 [1, {rows * columns}, 4 × bins] for the stride {stride}");
                bins = (int)port.Dimensions[2] / 4;
                _levels.Add(new Level(scores, 0, Classes, sides, 0, 4 * bins, stride, rows, columns));
            }
            cells += (long)columns * rows;
        }
        if (Classes <= 0 || bins <= 1 || _levels.Count == 0 || (isJoined && (cells != first.Dimensions[1] || width != Classes + (4 * bins))))
        {
            throw context.Misfit($"'{first.Name}' is {first}, which does not fit an input of {context.Input.Width} × {context.Input.Height} and {Classes} classes");
        }
        _bins = new float[bins];
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 0.6f;

    /// <summary>NanoDet-Plus: cells begin at their upper left corner.</summary>
    internal static NanoDet Plus(HeadContext context) => new(context, 0);

    /// <summary>PicoDet and the first NanoDet: boxes are measured from the middle of a cell.</summary>
    internal static NanoDet Pico(HeadContext context) => new(context, 0.5f);

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        foreach (Level level in _levels)
        {
            ReadOnlySpan<float> scores = session.Output(level.Scores);
            ReadOnlySpan<float> sides = session.Output(level.Sides);
            for (int cell = 0; cell < level.Rows * level.Columns; cell++)
            {
                ReadOnlySpan<float> ofCell = scores.Slice(level.ScoresAt + (cell * level.ScoresStep), Classes);
                int best = TensorPrimitives.IndexOfMax(ofCell);
                if (!(ofCell[best] >= threshold))
                {
                    continue;
                }
                ReadOnlySpan<float> distances = sides.Slice(level.SidesAt + (cell * level.SidesStep), 4 * _bins.Length);
                (int row, int column) = int.DivRem(cell, level.Columns);
                float x = (column + _centre) * level.Stride, y = (row + _centre) * level.Stride;
                candidates.Add(
                    x - (Distance(distances, 0) * level.Stride), y - (Distance(distances, 1) * level.Stride),
                    x + (Distance(distances, 2) * level.Stride), y + (Distance(distances, 3) * level.Stride), best, ofCell[best]);
            }
        }
    }

    // The mean of the distribution over 0, 1, 2 … cells.
    private float Distance(ReadOnlySpan<float> distances, int side)
    {
        TensorPrimitives.SoftMax(distances.Slice(side * _bins.Length, _bins.Length), _bins);
        float mean = 0;
        for (int i = 1; i < _bins.Length; i++)
        {
            mean += i * _bins[i];
        }
        return mean;
    }

    private static int Find(HeadContext context, long cells, int width, int not)
    {
        for (int i = 0; i < context.Outputs.Count; i++)
        {
            if (i != not && context.Outputs[i].Dimensions is [1, var rows, var columns] && rows == cells && (width < 0 ? columns % 4 == 0 : columns == width))
            {
                return i;
            }
        }
        return -1;
    }

    private readonly record struct Level(int Scores, int ScoresAt, int ScoresStep, int Sides, int SidesAt, int SidesStep, int Stride, int Rows, int Columns);
}
