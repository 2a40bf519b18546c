namespace Edge.Imaging;

/// <summary>
/// Bilinear resampling row by row: first between two rows, in 8.8 fixed point, then between neighbouring pixels with weights of
/// 11 bits, rounded once at the end.
/// </summary>
internal sealed class LinearSampler(int channels)
{
    private readonly LinearTable _columns = new(BlendRows.One11);
    private readonly LinearTable _rows = new(BlendRows.One8);
    private ushort[] _blended = [];
    private byte[] _row = [];

    internal void Prepare(in PixelView image, in Placement placement)
    {
        _columns.Prepare(placement.SourceX, placement.SourceWidth, image.Width, placement.TargetWidth);
        _rows.Prepare(placement.SourceY, placement.SourceHeight, image.Height, placement.TargetHeight);
        int blended = (_columns.Span * channels) + BlendRows.Slack, row = (placement.TargetWidth * channels) + BlendRows.Slack;
        if (_blended.Length < blended)
        {
            _blended = new ushort[blended];
        }
        if (_row.Length < row)
        {
            _row = new byte[row];
        }
    }

    /// <summary>One row of the target, channels side by side; valid until the next.</summary>
    internal ReadOnlySpan<byte> Row(scoped in PixelView image, RowReader reader, int y)
    {
        int upper = _rows.Origin + _rows.First[y], weight = _rows.Weight[y];
        int from = _columns.Origin * channels, count = _columns.Span * channels;
        ReadOnlySpan<byte> above = reader.Row(image, upper).Slice(from, count);
        int width = _columns.First.Length;
        if (weight == 0 && _columns.IsIdentity)
        {
            return above;
        }
        if (weight == 0)
        {
            BlendRows.Widen(above, _blended);
        }
        else
        {
            BlendRows.Blend(above, reader.Row(image, upper + 1).Slice(from, count), weight, _blended);
        }
        if (_columns.IsIdentity)
        {
            BlendRows.Narrow(_blended.AsSpan(0, count), _row);
        }
        else if (channels == 1)
        {
            BlendRows.Gather1(_blended, _columns.First, _columns.Weight, _row);
        }
        else
        {
            BlendRows.Gather3(_blended, _columns.First, _columns.Weight, _row);
        }
        return _row.AsSpan(0, width * channels);
    }
}
