namespace Edge.Training.Detection;

/// <summary>
/// A true box in the target of a sample: five float32 numbers a row: class, centre x, centre y, width and height in pixels of the
/// input. Rows from the first of class −1 on are empty.
/// </summary>
/// <param name="Class">Which class, by number.</param>
/// <param name="Box">Where.</param>
internal readonly record struct BoxTarget(int Class, PixelEdges Box)
{
    /// <summary>Numbers in a row.</summary>
    public const int Width = 5;

    /// <summary>The boxes of a sample.</summary>
    /// <param name="rows">The sample's target.</param>
    /// <param name="boxes">Where they are put, behind what is there.</param>
    public static void Read(ReadOnlySpan<float> rows, List<BoxTarget> boxes)
    {
        for (; rows.Length >= Width && rows[0] >= 0; rows = rows[Width..])
        {
            (float halfWidth, float halfHeight) = (rows[3] / 2, rows[4] / 2);
            boxes.Add(new BoxTarget((int)rows[0], new PixelEdges(rows[1] - halfWidth, rows[2] - halfHeight, rows[1] + halfWidth, rows[2] + halfHeight)));
        }
    }

    /// <summary>Writes boxes, as many as there is room for, and closes the list.</summary>
    /// <param name="boxes">The boxes.</param>
    /// <param name="rows">The sample's target.</param>
    public static void Write(IReadOnlyList<BoxTarget> boxes, Span<float> rows)
    {
        rows.Clear();
        int count = Math.Min(boxes.Count, rows.Length / Width);
        for (int i = 0; i < count; i++)
        {
            PixelEdges box = boxes[i].Box;
            ReadOnlySpan<float> row = [boxes[i].Class, (box.Left + box.Right) / 2, (box.Top + box.Bottom) / 2, box.Right - box.Left, box.Bottom - box.Top];
            row.CopyTo(rows[(i * Width)..]);
        }
        if (rows.Length > count * Width)
        {
            rows[count * Width] = -1;
        }
    }
}
