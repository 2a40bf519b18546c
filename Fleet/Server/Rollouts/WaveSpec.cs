namespace Edge.Fleet.Rollouts;

/// <summary>How many devices may have the release once a wave is open, those of the waves before included.</summary>
public sealed record WaveSpec
{
    /// <summary>A number of devices; null where a share is given.</summary>
    public int? Count { get; init; }

    /// <summary>A share of the group in per cent, rounded up; null where a number is given.</summary>
    public double? Percent { get; init; }

    /// <summary>Reads waves such as <c>1,10%,50%,100%</c>, or <c>exponential</c>: 1, 2, 4, 8… until the whole group is in.</summary>
    /// <param name="text">The text.</param>
    /// <param name="devices">Devices of the group, for <c>exponential</c>.</param>
    /// <exception cref="FleetException">A wave is neither a number nor a percentage.</exception>
    public static IReadOnlyList<WaveSpec> Parse(string text, int devices)
    {
        ArgumentNullException.ThrowIfNull(text);
        var waves = new List<WaveSpec>();
        if (text == "exponential")
        {
            for (int count = 1; count < devices; count *= 2)
            {
                waves.Add(new WaveSpec { Count = count });
            }
            waves.Add(new WaveSpec { Percent = 100 });
            return waves;
        }
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            bool isShare = part.EndsWith('%');
            if (isShare && double.TryParse(part[..^1], System.Globalization.CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= 100)
            {
                waves.Add(new WaveSpec { Percent = percent });
            }
            else if (!isShare && int.TryParse(part, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int count) && count > 0)
            {
                waves.Add(new WaveSpec { Count = count });
            }
            else
            {
                throw new FleetException($"wave \"{part}\": give numbers of devices or percentages, such as 1,10%,50%,100%, or exponential");
            }
        }
        if (waves[^1].Percent != 100)
        {
            waves.Add(new WaveSpec { Percent = 100 });
        }
        return waves;
    }

    /// <summary>The most devices of a group of some size.</summary>
    internal int Limit(int devices) => Count ?? (int)Math.Ceiling(devices * Percent!.Value / 100 - 1e-9);

    /// <summary>The wave as it is read.</summary>
    public override string ToString() => Count is { } count ? $"{count}" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Percent}%");
}
