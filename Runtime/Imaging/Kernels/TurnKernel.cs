namespace Edge.Imaging;

/// <summary>Turns and mirrors whole images.</summary>
internal static class TurnKernel
{
    // Rows of the source that are read while one stretch of the target is written stay in the cache.
    private const int Tile = 32;

    /// <summary>Makes an image upright.</summary>
    /// <param name="source">The image as it lies in the file.</param>
    /// <param name="orientation">How it lies there, 2 to 8 (EXIF).</param>
    /// <param name="target">Gets the upright image.</param>
    internal static void Upright(PixelBuffer source, int orientation, PixelBuffer target)
    {
        bool swaps = ExifOrientation.Swaps(orientation);
        target.Resize(swaps ? source.Height : source.Width, swaps ? source.Width : source.Height, source.Format);
        int width = source.Width, height = source.Height, size = source.Channels;
        // Where the target's pixel (0, 0) lies in the source, and how far a step right or down in the target leads there.
        bool fromRight = orientation is 2 or 3 or 7 or 8, fromBottom = orientation is 3 or 4 or 6 or 7;
        int stepX = (fromRight ? -1 : 1) * size, stepY = (fromBottom ? -1 : 1) * source.Stride;
        int start = (fromRight ? (width - 1) * size : 0) + (fromBottom ? (height - 1) * source.Stride : 0);
        (int right, int down) = swaps ? (stepY, stepX) : (stepX, stepY);
        ReadOnlySpan<byte> from = source.Pixels;
        for (int top = 0; top < target.Height; top += Tile)
        {
            for (int left = 0; left < target.Width; left += Tile)
            {
                int endX = Math.Min(left + Tile, target.Width), endY = Math.Min(top + Tile, target.Height);
                for (int y = top; y < endY; y++)
                {
                    Span<byte> row = target.Row(y);
                    int place = start + (y * down) + (left * right);
                    for (int x = left; x < endX; x++, place += right)
                    {
                        from.Slice(place, size).CopyTo(row[(x * size)..]);
                    }
                }
            }
        }
    }
}
