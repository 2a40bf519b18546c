namespace Edge.Imaging;

/// <summary>A colour to draw with.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
public readonly record struct Color(byte Red, byte Green, byte Blue)
{
    /// <summary>Black.</summary>
    public static Color Black => new(0, 0, 0);

    /// <summary>White.</summary>
    public static Color White => new(255, 255, 255);

    /// <summary>Is it so light that black text can be read on it? By its luma (ITU-R BT.601).</summary>
    public bool IsLight => (299 * Red) + (587 * Green) + (114 * Blue) > 128_000;

    /// <summary>A colour for a class: strong, and far from those of the numbers next to it.</summary>
    /// <param name="number">The class, from 0.</param>
    public static Color OfClass(int number)
    {
        // Steps of the golden angle around the hue circle never come near each other soon.
        double hue = (number * 0.6180339887498949) % 1 * 6;
        double rising = hue % 1, falling = 1 - rising;
        (double r, double g, double b) = (int)hue switch
        {
            0 => (1.0, rising, 0.0),
            1 => (falling, 1.0, 0.0),
            2 => (0.0, 1.0, rising),
            3 => (0.0, falling, 1.0),
            4 => (rising, 0.0, 1.0),
            _ => (1.0, 0.0, falling),
        };
        return new Color(Level(r), Level(g), Level(b));
    }

    private static byte Level(double share) => (byte)(40 + (share * 215));
}
