namespace Edge.Inference;

/// <summary>
/// CenterNet (Zhou et al. 2019, arXiv 1904.07850): a heat map of probabilities <c>[1, classes, rows, columns]</c> whose peaks are the
/// objects' centres, their sizes <c>[1, 2, rows, columns]</c> in cells, and offsets <c>[1, 2, rows, columns]</c>. The outputs are told
/// apart by the names <c>hm</c>, <c>wh</c> and <c>reg</c>, or stand in that order. A peak is a value that no neighbour exceeds.
/// </summary>
internal sealed class CenterNet : DetectorHead
{
    private readonly int _heat;
    private readonly int _size;
    private readonly int _offset;
    private readonly int _rows;
    private readonly int _columns;
    private readonly float _strideX;
    private readonly float _strideY;

    internal CenterNet(HeadContext context)
    {
        _heat = context.Named("hm", "heat") is >= 0 and int heat ? heat : 0;
        _size = context.Named("wh", "size") is >= 0 and int size ? size : 1;
        _offset = context.Named("reg", "offset") is >= 0 and int offset ? offset : 2;
        TensorPort map = context.Require(_heat, 4, "float32 [1, classes, rows, columns] heat");
        (Classes, _rows, _columns) = ((int)map.Dimensions[1], (int)map.Dimensions[2], (int)map.Dimensions[3]);
        foreach (int output in (ReadOnlySpan<int>)[_size, _offset])
        {
            TensorPort port = context.Require(output, 4, "float32 [1, 2, rows, columns]");
            if (port.Dimensions[1] != 2 || port.Dimensions[2] != _rows || port.Dimensions[3] != _columns)
            {
                throw context.Misfit($"'{port.Name}' is {port}, not float32 [1, 2, {_rows}, {_columns}]");
            }
        }
        (_strideX, _strideY) = ((float)context.Input.Width / _columns, (float)context.Input.Height / _rows);
    }

    internal override int Classes { get; }

    internal override float DefaultIouThreshold => 1;

    internal override void Decode(ModelSession session, float threshold, CandidateList candidates)
    {
        ReadOnlySpan<float> heat = session.Output(_heat);
        ReadOnlySpan<float> size = session.Output(_size);
        ReadOnlySpan<float> offset = session.Output(_offset);
        int cells = _rows * _columns;
        for (int number = 0; number < Classes; number++)
        {
            ReadOnlySpan<float> map = heat.Slice(number * cells, cells);
            for (int cell = 0; cell < cells; cell++)
            {
                if (map[cell] >= threshold && IsPeak(map, cell))
                {
                    (int y, int x) = int.DivRem(cell, _columns);
                    candidates.AddCentred(
                        (x + offset[cell]) * _strideX, (y + offset[cells + cell]) * _strideY,
                        size[cell] * _strideX, size[cells + cell] * _strideY, number, map[cell]);
                }
            }
        }
    }

    private bool IsPeak(ReadOnlySpan<float> map, int cell)
    {
        (int row, int column) = int.DivRem(cell, _columns);
        for (int y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, _rows - 1); y++)
        {
            for (int x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, _columns - 1); x++)
            {
                if (map[(y * _columns) + x] > map[cell])
                {
                    return false;
                }
            }
        }
        return true;
    }
}
