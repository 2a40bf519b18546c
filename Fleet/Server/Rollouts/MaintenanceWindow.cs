using System.Globalization;

namespace Edge.Fleet.Rollouts;

/// <summary>A time of the day in a time zone; one that ends before it begins spans midnight.</summary>
public sealed record MaintenanceWindow
{
    /// <summary>When it opens, such as 02:00.</summary>
    public required TimeOnly Start { get; init; }

    /// <summary>When it closes.</summary>
    public required TimeOnly End { get; init; }

    /// <summary>An IANA time zone, such as Europe/Vienna.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Reads a window such as <c>02:00-05:00 Europe/Vienna</c>; UTC where no zone is named.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FleetException">It is no window, or the zone is not known.</exception>
    public static MaintenanceWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string[] times = parts.Length > 0 ? parts[0].Split('-') : [];
        if (times.Length != 2
            || !TimeOnly.TryParseExact(times[0], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly start)
            || !TimeOnly.TryParseExact(times[1], "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly end)
            || start == end)
        {
            throw new FleetException($"window \"{text}\": give two times and a zone, such as 02:00-05:00 Europe/Vienna");
        }
        string zone = parts.Length > 1 ? parts[1] : "UTC";
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)
            ? new MaintenanceWindow { Start = start, End = end, TimeZone = zone }
            : throw new FleetException($"window \"{text}\": this machine knows no time zone {zone}: give one such as Europe/Vienna, or install tzdata");
    }

    /// <summary>Whether it is open.</summary>
    /// <param name="time">A moment.</param>
    public bool IsOpen(DateTimeOffset time) =>
        TimeOnly.FromTimeSpan(TimeZoneInfo.ConvertTime(time, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).TimeOfDay).IsBetween(Start, End);
}
