using System.Globalization;

namespace Edge.Agent;

/// <summary>A time of the day, by the machine's own clock and zone; one that ends before it begins spans midnight.</summary>
/// <param name="Start">When it opens.</param>
/// <param name="End">When it closes.</param>
public readonly record struct DailyWindow(TimeOnly Start, TimeOnly End)
{
    /// <summary>A clock that shows an earlier year was never set, so that its hours mean nothing.</summary>
    private const int FirstPlausibleYear = 2025;

    /// <summary>Reads a window such as <c>02:00-05:30</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="window">The window.</param>
    public static bool TryParse(string text, out DailyWindow window)
    {
        ArgumentNullException.ThrowIfNull(text);
        window = default;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (dash < 0
            || !TimeOnly.TryParseExact(text.AsSpan(0, dash).Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly start)
            || !TimeOnly.TryParseExact(text.AsSpan(dash + 1).Trim(), "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly end)
            || start == end)
        {
            return false;
        }
        window = new DailyWindow(start, end);
        return true;
    }

    /// <summary>Whether it is open. Where the clock was never set it is: a device must not wait for an hour that it cannot know.</summary>
    /// <param name="clock">The machine's clock.</param>
    public bool IsOpen(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        DateTimeOffset now = clock.GetLocalNow();
        return now.Year < FirstPlausibleYear || TimeOnly.FromTimeSpan(now.TimeOfDay).IsBetween(Start, End);
    }

    /// <summary>The window as it is read.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Start:HH\\:mm}-{End:HH\\:mm}");
}
