using System.Globalization;
using System.Text;

namespace Edge.Runtime.Reporting;

/// <summary>
/// The log: one line an event, on standard error. Under systemd each line begins with its priority (<c>sd-daemon(3)</c>)
/// and the journal keeps the time; elsewhere it begins with the time in UTC and the level.
/// </summary>
internal static class Log
{
    private static readonly Lock Gate = new();
    private static readonly bool UnderSystemd = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };

    /// <summary>What is below is not written.</summary>
    internal static LogLevel Level { get; set; } = LogLevel.Info;

    internal static void Error(string text) => Write(LogLevel.Error, text);

    internal static void Warning(string text) => Write(LogLevel.Warning, text);

    internal static void Info(string text) => Write(LogLevel.Info, text);

    internal static void Debug(string text) => Write(LogLevel.Debug, text);

    /// <summary>Puts a text that may hold line ends and other control characters on one line.</summary>
    internal static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }
        return line.ToString();
    }

    private static void Write(LogLevel level, string text)
    {
        if (level > Level)
        {
            return;
        }
        string prefix = UnderSystemd
            ? level switch { LogLevel.Error => "<3>", LogLevel.Warning => "<4>", LogLevel.Info => "<6>", _ => "<7>" }
            : $"{TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)} {Name(level)} ";
        lock (Gate)
        {
            Console.Error.WriteLine(prefix + OneLine(text));
        }
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Info => "info",
        LogLevel.Debug => "debug",
        _ => "trace",
    };
}
