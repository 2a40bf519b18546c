namespace Edge.Imaging.Tests;

/// <summary>What <see cref="TensorWriter"/> must give, one element at a time in plain scalar code.</summary>
internal static class Reference
{
    internal static void Write(PixelBuffer image, Placement p, byte padding, int width, int height, bool planar, float[] multiply, float[] add, float[] floats, byte[] bytes)
    {
        int channels = image.Channels;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    bool inside = x >= p.TargetX && x < p.TargetX + p.TargetWidth && y >= p.TargetY && y < p.TargetY + p.TargetHeight;
                    float level = inside ? Sample(image, c, Position(x - p.TargetX, p.SourceX, p.SourceWidth, p.TargetWidth, image.Width), Position(y - p.TargetY, p.SourceY, p.SourceHeight, p.TargetHeight, image.Height)) : padding;
                    int index = planar ? (((c * height) + y) * width) + x : (((y * width) + x) * channels) + c;
                    float product = level * multiply[c];
                    floats[index] = product + add[c];
                    bytes[index] = (byte)(level + 0.5f);
                }
            }
        }
    }

    private static (int First, float Weight) Position(int i, double start, double length, int count, int size)
    {
        double position = Math.Clamp(start + ((i + 0.5) * (length / count)) - 0.5, 0, size - 1);
        return ((int)position, (float)(position - (int)position));
    }

    private static float Sample(PixelBuffer image, int c, (int First, float Weight) column, (int First, float Weight) row)
    {
        int right = Math.Min(column.First + 1, image.Width - 1);
        float a = Vertical(image, column.First, c, row);
        float b = Vertical(image, right, c, row);
        float difference = (b - a) * column.Weight;
        return a + difference;
    }

    private static float Vertical(PixelBuffer image, int x, int c, (int First, float Weight) row)
    {
        float upper = image.Row(row.First)[(x * image.Channels) + c];
        float lower = image.Row(Math.Min(row.First + 1, image.Height - 1))[(x * image.Channels) + c];
        float difference = (lower - upper) * row.Weight;
        return upper + difference;
    }
}
