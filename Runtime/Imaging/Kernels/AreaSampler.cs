namespace Edge.Imaging;

/// <summary>Resampling by the mean of what a target pixel covers, row by row, in float32, rounded once at the end.</summary>
internal sealed class AreaSampler(int channels)
{
    private readonly AreaTable _columns = new();
    private readonly AreaTable _rows = new();
    private float[] _sums = [];
    private byte[] _row = [];

    internal void Prepare(in PixelView image, in Placement placement)
    {
        _columns.Prepare(placement.SourceX, placement.SourceWidth, image.Width, placement.TargetWidth);
        _rows.Prepare(placement.SourceY, placement.SourceHeight, image.Height, placement.TargetHeight);
        if (_sums.Length < image.Width * channels)
        {
            _sums = new float[image.Width * channels];
        }
        if (_row.Length < placement.TargetWidth * channels)
        {
            _row = new byte[placement.TargetWidth * channels];
        }
    }

    /// <summary>One row of the target, channels side by side; valid until the next.</summary>
    internal ReadOnlySpan<byte> Row(scoped in PixelView image, RowReader reader, int y)
    {
        Span<float> sums = _sums.AsSpan(0, image.Width * channels);
        ReadOnlySpan<float> weights = _rows.Weights(y);
        sums.Clear();
        for (int i = 0; i < weights.Length; i++)
        {
            AreaRows.Add(reader.Row(image, _rows.First[y] + i), weights[i], sums);
        }
        ReadOnlySpan<int> first = _columns.First;
        for (int x = 0; x < first.Length; x++)
        {
            ReadOnlySpan<float> shares = _columns.Weights(x);
            for (int c = 0; c < channels; c++)
            {
                float sum = 0.5f;
                for (int i = 0; i < shares.Length; i++)
                {
                    sum += shares[i] * sums[((first[x] + i) * channels) + c];
                }
                _row[(x * channels) + c] = (byte)Math.Min(sum, 255);
            }
        }
        return _row.AsSpan(0, first.Length * channels);
    }
}
