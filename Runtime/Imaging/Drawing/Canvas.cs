namespace Edge.Imaging;

/// <summary>
/// Draws on a picture: rectangles, lines, text. What lies outside the picture is left out, whatever the coordinates. It allocates
/// nothing. One thread at a time.
/// </summary>
/// <param name="picture">The picture, <see cref="PixelFormat.Rgb24"/>, <see cref="PixelFormat.Bgr24"/> or <see cref="PixelFormat.Grey8"/>; the caller keeps it.</param>
/// <exception cref="ArgumentException">The picture is of another format.</exception>
public sealed class Canvas(PixelBuffer picture)
{
    private readonly PixelBuffer _picture = picture.Format is PixelFormat.Rgb24 or PixelFormat.Bgr24 or PixelFormat.Grey8
        ? picture
        : throw new ArgumentException($"a {picture.Format} picture cannot be drawn on; convert it to RGB", nameof(picture));

    /// <summary>The height of a line of text in pixels.</summary>
    /// <param name="scale">Pixels a dot of the letters; 1 or more.</param>
    public static int TextHeight(int scale) => Font.Rows * scale;

    /// <summary>The width of a text in pixels.</summary>
    /// <param name="text">The text.</param>
    /// <param name="scale">Pixels a dot of the letters; 1 or more.</param>
    public static int TextWidth(ReadOnlySpan<char> text, int scale) => text.Length * (Font.Columns + 1) * scale;

    /// <summary>Fills a rectangle.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="right">The column behind its last.</param>
    /// <param name="bottom">The row behind its last.</param>
    /// <param name="color">The colour.</param>
    public void Fill(int left, int top, int right, int bottom, Color color)
    {
        (left, right) = (Math.Clamp(left, 0, _picture.Width), Math.Clamp(right, 0, _picture.Width));
        (top, bottom) = (Math.Clamp(top, 0, _picture.Height), Math.Clamp(bottom, 0, _picture.Height));
        for (int y = top; y < bottom && left < right; y++)
        {
            Span<byte> row = _picture.Row(y);
            if (_picture.Format == PixelFormat.Grey8)
            {
                row[left..right].Fill((byte)(((299 * color.Red) + (587 * color.Green) + (114 * color.Blue)) / 1000));
                continue;
            }
            (byte first, byte last) = _picture.Format == PixelFormat.Rgb24 ? (color.Red, color.Blue) : (color.Blue, color.Red);
            for (int x = 3 * left; x < 3 * right; x += 3)
            {
                (row[x], row[x + 1], row[x + 2]) = (first, color.Green, last);
            }
        }
    }

    /// <summary>
    /// Makes a part of the picture unrecognizable: squares of one colour each, the mean of what was there. The detail is gone for
    /// good, unlike that of a smooth blur, which can be undone in part.
    /// </summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="right">The column behind its last.</param>
    /// <param name="bottom">The row behind its last.</param>
    /// <param name="square">Pixels a side of a square; 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="square"/> is not positive.</exception>
    public void Pixelate(int left, int top, int right, int bottom, int square)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(square);
        (left, right) = (Math.Clamp(left, 0, _picture.Width), Math.Clamp(right, 0, _picture.Width));
        (top, bottom) = (Math.Clamp(top, 0, _picture.Height), Math.Clamp(bottom, 0, _picture.Height));
        for (int y = top; y < bottom; y += Math.Min(square, bottom - y))
        {
            for (int x = left; x < right; x += Math.Min(square, right - x))
            {
                Flatten(x, y, Math.Min(square, right - x), Math.Min(square, bottom - y));
            }
        }
    }

    /// <summary>Draws the outline of a rectangle, inside its edges.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="right">The column behind its last.</param>
    /// <param name="bottom">The row behind its last.</param>
    /// <param name="thickness">Pixels; 1 or more.</param>
    /// <param name="color">The colour.</param>
    public void Outline(int left, int top, int right, int bottom, int thickness, Color color)
    {
        Fill(left, top, right, Math.Min(top + thickness, bottom), color);
        Fill(left, Math.Max(bottom - thickness, top), right, bottom, color);
        Fill(left, top, Math.Min(left + thickness, right), bottom, color);
        Fill(Math.Max(right - thickness, left), top, right, bottom, color);
    }

    /// <summary>Draws a line of squares (Bresenham).</summary>
    /// <param name="x0">From this column,</param>
    /// <param name="y0">this row,</param>
    /// <param name="x1">to this column,</param>
    /// <param name="y1">this row.</param>
    /// <param name="thickness">Pixels; 1 or more.</param>
    /// <param name="color">The colour.</param>
    public void Line(int x0, int y0, int x1, int y1, int thickness, Color color)
    {
        // Far outside, a line would take as many steps as it is long.
        const int Far = 1 << 16;
        (x0, y0, x1, y1) = (Math.Clamp(x0, -Far, Far), Math.Clamp(y0, -Far, Far), Math.Clamp(x1, -Far, Far), Math.Clamp(y1, -Far, Far));
        int dx = Math.Abs(x1 - x0), dy = -Math.Abs(y1 - y0);
        int stepX = x0 < x1 ? 1 : -1, stepY = y0 < y1 ? 1 : -1;
        int error = dx + dy;
        int before = thickness / 2, behind = thickness - before;
        while (true)
        {
            Fill(x0 - before, y0 - before, x0 + behind, y0 + behind, color);
            if (x0 == x1 && y0 == y1)
            {
                return;
            }
            int doubled = 2 * error;
            if (doubled >= dy)
            {
                error += dy;
                x0 += stepX;
            }
            if (doubled <= dx)
            {
                error += dx;
                y0 += stepY;
            }
        }
    }

    /// <summary>Writes a line of text in a fixed-width font.</summary>
    /// <param name="text">The text; what is not ASCII is shown as question marks.</param>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="scale">Pixels a dot of the letters; 1 or more.</param>
    /// <param name="color">The colour.</param>
    public void Text(ReadOnlySpan<char> text, int left, int top, int scale, Color color)
    {
        foreach (char letter in text)
        {
            for (int row = 0; row < Font.Rows; row++)
            {
                int dots = Font.Row(letter, row);
                for (int column = 0; column < Font.Columns; column++)
                {
                    if ((dots & (1 << column)) != 0)
                    {
                        Fill(left + (column * scale), top + (row * scale), left + ((column + 1) * scale), top + ((row + 1) * scale), color);
                    }
                }
            }
            left += (Font.Columns + 1) * scale;
        }
    }

    /// <summary>Draws a box with a label above it, or inside where there is no room above.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="right">The column behind its last.</param>
    /// <param name="bottom">The row behind its last.</param>
    /// <param name="label">The label; empty for none.</param>
    /// <param name="color">The colour of box and label's ground.</param>
    public void Box(int left, int top, int right, int bottom, ReadOnlySpan<char> label, Color color)
    {
        // As large as the picture asks for: readable at 300 pixels and at 4,000.
        int scale = Math.Clamp(Math.Min(_picture.Width, _picture.Height) / 320, 1, 8);
        Outline(left, top, right, bottom, scale + 1, color);
        if (label.IsEmpty)
        {
            return;
        }
        int height = TextHeight(scale) + (2 * scale), width = TextWidth(label, scale) + scale;
        int labelTop = top >= height ? top - height : top;
        int labelLeft = Math.Max(Math.Min(left, _picture.Width - width), 0);
        Fill(labelLeft, labelTop, labelLeft + width, labelTop + height, color);
        Text(label, labelLeft + scale, labelTop + (2 * scale), scale, color.IsLight ? Color.Black : Color.White);
    }

    /// <summary>Gives every pixel of a rectangle inside the picture the rectangle's mean.</summary>
    private void Flatten(int left, int top, int width, int height)
    {
        int channels = _picture.Channels;
        Span<long> sums = stackalloc long[3];
        sums.Clear();
        for (int y = top; y < top + height; y++)
        {
            ReadOnlySpan<byte> row = _picture.Row(y).Slice(left * channels, width * channels);
            for (int i = 0; i < row.Length; i++)
            {
                sums[i % channels] += row[i];
            }
        }
        long count = (long)width * height;
        for (int y = top; y < top + height; y++)
        {
            Span<byte> row = _picture.Row(y).Slice(left * channels, width * channels);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = (byte)(sums[i % channels] / count);
            }
        }
    }
}
