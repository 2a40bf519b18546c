using Edge.Imaging;

namespace Edge.Judging.Explaining;

/// <summary>Draws what counts over the picture it counts in.</summary>
public static class HeatOverlay
{
    // The picture stays visible below the colours.
    private const float Strength = 0.65f;

    // Dark violet over red and orange to light yellow: brighter is more, also in grey and for the colour-blind.
    private static readonly (float Red, float Green, float Blue)[] Heat =
        [(10, 7, 36), (66, 15, 117), (148, 38, 103), (221, 81, 58), (252, 165, 10), (252, 255, 164)];

    /// <summary>A PNG file: the picture in grey, and over it warm colours where the map is positive, blue where it is negative.</summary>
    /// <param name="levels">The picture, [C,H,W], 0–255.</param>
    /// <param name="size">Its size.</param>
    /// <param name="map">What counts; of any size, stretched over the picture.</param>
    /// <param name="zoom">How many pixels a side each of the picture's becomes.</param>
    public static byte[] Png(ReadOnlySpan<float> levels, PictureSize size, HeatMap map, int zoom = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentOutOfRangeException.ThrowIfLessThan(zoom, 1);
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        pixels.Resize(size.Width * zoom, size.Height * zoom, PixelFormat.Rgb24);
        float largest = map.Largest is > 0 and var most ? most : 1;
        for (int y = 0; y < pixels.Height; y++)
        {
            Span<byte> row = pixels.Row(y);
            for (int x = 0; x < pixels.Width; x++)
            {
                float grey = Grey(levels, size, (y / zoom * size.Width) + (x / zoom));
                float value = map.At((y + 0.5) / pixels.Height, (x + 0.5) / pixels.Width) / largest;
                Paint(row.Slice(3 * x, 3), grey, value);
            }
        }
        return encoder.EncodePng(pixels).ToArray();
    }

    private static void Paint(Span<byte> pixel, float grey, float value)
    {
        (float red, float green, float blue) = value >= 0 ? Color(value) : (30, 90, 200);
        // What counts little is left in grey rather than painted dark.
        float cover = Strength * MathF.Sqrt(MathF.Min(1, MathF.Abs(value)));
        pixel[0] = PictureCodec.Level(grey + (cover * (red - grey)));
        pixel[1] = PictureCodec.Level(grey + (cover * (green - grey)));
        pixel[2] = PictureCodec.Level(grey + (cover * (blue - grey)));
    }

    private static float Grey(ReadOnlySpan<float> levels, PictureSize size, int place) => size.Channels == 1
        ? levels[place]
        : (0.299f * levels[place]) + (0.587f * levels[size.Plane + place]) + (0.114f * levels[(2 * size.Plane) + place]);

    private static (float Red, float Green, float Blue) Color(float value)
    {
        float place = Math.Clamp(value, 0, 1) * (Heat.Length - 1);
        int below = Math.Min((int)place, Heat.Length - 2);
        (float Red, float Green, float Blue) low = Heat[below];
        (float Red, float Green, float Blue) high = Heat[below + 1];
        float share = place - below;
        return (low.Red + (share * (high.Red - low.Red)), low.Green + (share * (high.Green - low.Green)), low.Blue + (share * (high.Blue - low.Blue)));
    }
}
