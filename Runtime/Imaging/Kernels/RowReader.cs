namespace Edge.Imaging;

/// <summary>
/// An image's rows in the format that is wanted: as they lie in memory where they are so already, otherwise converted when they
/// are asked for. The last even and the last odd row are kept, so that neighbours are converted once.
/// </summary>
/// <param name="format">RGB, BGR or grey.</param>
internal sealed class RowReader(PixelFormat format)
{
    private readonly byte[][] _rows = [[], []];
    private readonly int[] _held = [-1, -1];

    /// <summary>Begins with an image.</summary>
    internal void Start(in PixelView image)
    {
        _held.AsSpan().Fill(-1);
        int bytes = PixelLayout.RowBytes(format, image.Width);
        if (image.Format != format && _rows[0].Length < bytes)
        {
            (_rows[0], _rows[1]) = (new byte[bytes], new byte[bytes]);
        }
    }

    /// <summary>One row, valid until two rows further are read.</summary>
    internal ReadOnlySpan<byte> Row(scoped in PixelView image, int y)
    {
        if (image.Format == format)
        {
            return image.Row(y);
        }
        int slot = y & 1;
        Span<byte> row = _rows[slot].AsSpan(0, PixelLayout.RowBytes(format, image.Width));
        if (_held[slot] != y)
        {
            PixelRows.Convert(image, y, format, row);
            _held[slot] = y;
        }
        return row;
    }
}
