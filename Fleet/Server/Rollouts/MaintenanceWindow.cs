using System.Globalization;

namespace Edge.Fleet.Rollouts;

/// <summary>
/// Hours of the week in which devices may be started, by the clocks of a time zone: <c>22:00-04:00</c>,
/// <c>mon,wed 01:30-05:00 Europe/Berlin</c>. A window that passes midnight belongs to the day on which it begins.
/// </summary>
public sealed record MaintenanceWindow
{
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private TimeZoneInfo? _zone;

    /// <summary>The days on which it begins: bit 0 is Sunday.</summary>
    public required int Days { get; init; }

    /// <summary>When it begins, by local clocks.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>When it ends; not later than <see cref="From"/> means on the next day.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>An IANA name, such as <c>Europe/Berlin</c>.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Reads a window: days (all unless given), hours, time zone (UTC unless given).</summary>
    /// <param name="text">What was written.</param>
    /// <exception cref="FleetException">It is no window, or this machine does not know the time zone.</exception>
    public static MaintenanceWindow Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Length <= 128 ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        int at = parts.Length > 0 && !char.IsAsciiDigit(parts[0][0]) ? 1 : 0;
        if (parts.Length <= at || parts.Length > at + 2 || parts[at].Split('-') is not [string from, string to])
        {
            throw Wrong(text);
        }
        int days = at == 1 ? ParseDays(parts[0], text) : 0x7f;
        var window = new MaintenanceWindow { Days = days, From = Time(from, text), To = Time(to, text), TimeZone = parts.Length > at + 1 ? parts[at + 1] : "UTC" };
        window.Validate();
        return window;
    }

    /// <summary>Whether the window is open.</summary>
    /// <param name="time">The moment.</param>
    public bool IsOpen(DateTimeOffset time)
    {
        _zone ??= TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        DateTimeOffset local = TimeZoneInfo.ConvertTime(time, _zone);
        TimeOnly clock = TimeOnly.FromTimeSpan(local.TimeOfDay);
        int today = (int)local.DayOfWeek;
        bool startsToday = (Days >> today & 1) != 0;
        return From < To
            ? startsToday && clock >= From && clock < To
            : (startsToday && clock >= From) || ((Days >> ((today + 6) % 7) & 1) != 0 && clock < To);
    }

    /// <summary>The window as it is written.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Days == 0x7f ? "" : string.Join(',', DayNames.Where((_, day) => (Days >> day & 1) != 0)) + " ")}{From:HH:mm}-{To:HH:mm} {TimeZone}");

    /// <summary>Two windows are equal when they are open at the same times.</summary>
    /// <param name="other">The other window.</param>
    public bool Equals(MaintenanceWindow? other) =>
        other is not null && Days == other.Days && From == other.From && To == other.To && TimeZone == other.TimeZone;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Days, From, To, TimeZone);

    internal void Validate()
    {
        if (Days is < 1 or > 0x7f || !TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _))
        {
            throw new FleetException($"window: this machine knows no time zone \"{TimeZone}\", or no day is given: write for example mon,tue 01:00-05:00 Europe/Berlin");
        }
    }

    private static int ParseDays(string text, string whole)
    {
        int days = 0;
        foreach (string name in text.Split(','))
        {
            int day = Array.FindIndex(DayNames, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            days |= day >= 0 ? 1 << day : throw Wrong(whole);
        }
        return days;
    }

    private static TimeOnly Time(string text, string whole) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time : throw Wrong(whole);

    private static FleetException Wrong(string text) =>
        new($"window: \"{(text.Length > 64 ? text[..64] : text)}\" is none: write for example 22:00-04:00 or mon,tue 01:00-05:00 Europe/Berlin");
}
