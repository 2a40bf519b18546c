namespace Edge.Zoo;

/// <summary>How mobile nets round numbers of channels.</summary>
internal static class MobileChannels
{
    /// <summary>The nearest multiple of 8, at least 8, and not less than 90 % of what was asked for.</summary>
    public static int Scaled(int channels, double multiplier)
    {
        double wanted = channels * multiplier;
        int rounded = Math.Max(8, (int)(wanted + 4) / 8 * 8);
        return rounded < 0.9 * wanted ? rounded + 8 : rounded;
    }
}
