using System.Buffers.Text;

namespace Edge.Runtime.Sensors;

/// <summary>Times as tables have them, read without an allocation.</summary>
internal static class TimeText
{
    /// <summary>
    /// Reads a time: <c>2015-02-02 14:19:00</c>, with <c>T</c> in the middle, a fraction of a second, <c>Z</c> or an offset where it has
    /// them, or a number of seconds since 1970. A time without an offset is taken for UTC.
    /// </summary>
    /// <param name="text">The text, in ASCII.</param>
    /// <param name="ticks">Ticks of <see cref="DateTime"/>, in UTC.</param>
    internal static bool TryParse(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length >= 10 && text[4] == '-')
        {
            return TryParseDate(text, out ticks);
        }
        bool isNumber = Utf8Parser.TryParse(text, out double seconds, out int used) && used == text.Length && Math.Abs(seconds) < 1e11;
        ticks = isNumber ? DateTime.UnixEpoch.Ticks + (long)(seconds * TimeSpan.TicksPerSecond) : 0;
        return isNumber;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        int year = Number(text, 0, 4), month = Number(text, 5, 2), day = Number(text, 8, 2), hour = 0, minute = 0, second = 0;
        long fraction = 0;
        long offset = 0;
        int at = 10;
        if (text.Length >= 16 && text[10] is (byte)' ' or (byte)'T')
        {
            (hour, minute, at) = (Number(text, 11, 2), text[13] == ':' ? Number(text, 14, 2) : -1, 16);
            if (text.Length >= 19 && text[16] == ':')
            {
                (second, at) = (Number(text, 17, 2), 19);
                if (at < text.Length && text[at] == '.')
                {
                    long unit = TimeSpan.TicksPerSecond;
                    for (at++; at < text.Length && char.IsAsciiDigit((char)text[at]); at++)
                    {
                        unit /= 10;
                        fraction += unit * (text[at] - '0');
                    }
                }
            }
        }
        bool isGood = year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(Math.Max(1, year), month)
            && hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and < 60
            && text[7] == '-' && TryParseOffset(text[at..], out offset);
        ticks = isGood ? new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction - offset : 0;
        return isGood;
    }

    private static bool TryParseOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty || text.SequenceEqual("Z"u8))
        {
            return true;
        }
        bool isGood = text.Length == 6 && text[0] is (byte)'+' or (byte)'-' && text.Length == 6 && text[3] == ':' && Number(text, 1, 2) >= 0 && Number(text, 4, 2) >= 0;
        if (isGood)
        {
            ticks = (text[0] == '-' ? -1 : 1) * ((Number(text, 1, 2) * TimeSpan.TicksPerHour) + (Number(text, 4, 2) * TimeSpan.TicksPerMinute));
        }
        return isGood;
    }

    private static int Number(ReadOnlySpan<byte> text, int start, int digits)
    {
        int number = 0;
        for (int i = start; i < start + digits; i++)
        {
            if (i >= text.Length || !char.IsAsciiDigit((char)text[i]))
            {
                return -1;
            }
            number = (number * 10) + (text[i] - '0');
        }
        return number;
    }
}
