namespace Edge.Training.Data;

/// <summary>Resamples images along straight lines.</summary>
internal static class Bilinear
{
    /// <summary>
    /// Each pixel (x, y) takes what lies at (xx·x + xy·y + x0, yx·x + yy·y + y0), in pixels from the centre of the first one.
    /// Outside there is the fill, or the nearest pixel where that is NaN.
    /// </summary>
    public static void Transform(AugmentedSample sample, double xx, double xy, double x0, double yx, double yy, double y0, float fill)
    {
        ReadOnlySpan<int> shape = sample.Field.Shape;
        int channels = shape[0], height = shape[1], width = shape[2];
        Span<float> target = sample.Values<float>();
        Span<float> source = sample.Scratch<float>();
        target.CopyTo(source);
        int plane = height * width;
        bool clamps = float.IsNaN(fill);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double fromX = (xx * x) + (xy * y) + x0, fromY = (yx * x) + (yy * y) + y0;
                int place = (y * width) + x;
                if (clamps)
                {
                    fromX = Math.Clamp(fromX, 0, width - 1);
                    fromY = Math.Clamp(fromY, 0, height - 1);
                }
                else if (!(fromX > -1 && fromX < width && fromY > -1 && fromY < height))
                {
                    for (int c = 0; c < channels; c++)
                    {
                        target[(c * plane) + place] = fill;
                    }
                    continue;
                }
                int left = (int)Math.Floor(fromX), top = (int)Math.Floor(fromY);
                float right = (float)(fromX - left), low = (float)(fromY - top);
                bool hasLeft = left >= 0, hasRight = left + 1 < width, hasTop = top >= 0, hasLow = top + 1 < height;
                int corner = (top * width) + left;
                for (int c = 0; c < channels; c++)
                {
                    ReadOnlySpan<float> from = source.Slice(c * plane, plane);
                    float a = hasTop && hasLeft ? from[corner] : fill, b = hasTop && hasRight ? from[corner + 1] : clamps ? a : fill;
                    float d = hasLow && hasLeft ? from[corner + width] : clamps ? a : fill;
                    float e = hasLow && hasRight ? from[corner + width + 1] : clamps ? (hasLow ? d : b) : fill;
                    float above = a + (right * (b - a)), below = d + (right * (e - d));
                    target[(c * plane) + place] = above + (low * (below - above));
                }
            }
        }
    }
}
