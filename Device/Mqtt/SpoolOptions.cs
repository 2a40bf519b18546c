namespace Edge.Mqtt;

/// <summary>Where messages are kept while the broker is away, and how many.</summary>
public sealed record SpoolOptions
{
    /// <summary>The file; SQLite keeps another one beside it, with <c>-wal</c> at its end. One process uses it.</summary>
    public required string Path { get; init; }

    /// <summary>The bytes of all messages that are kept, 100,000 to 1 TB. The oldest telemetry makes room; events never do.</summary>
    public long MaximumBytes { get; init; } = 64_000_000;

    /// <summary>Telemetry older than this is deleted; zero keeps it for ever.</summary>
    public TimeSpan MaximumAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many messages a second are published out of the spool; 0 for as many as the broker takes.</summary>
    public int ReplayPerSecond { get; init; } = 2000;

    /// <summary>How long telemetry may wait to be written together with what follows; events are written at once.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Checks every option.</summary>
    /// <exception cref="MqttException">One is out of range.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrEmpty(Path) && !Path.Contains('\0', StringComparison.Ordinal), "the path is empty or holds a zero character: name a file");
        Require(MaximumBytes is >= 100_000 and <= 1L << 40, $"maximum bytes {MaximumBytes}: give 100000 to {1L << 40}");
        Require(MaximumAge >= TimeSpan.Zero, $"maximum age {MaximumAge}: give zero or more");
        Require(ReplayPerSecond is >= 0 and <= 1_000_000, $"replay per second {ReplayPerSecond}: give 0 to 1000000");
        Require(CommitInterval >= TimeSpan.Zero && CommitInterval <= TimeSpan.FromMinutes(1), $"commit interval {CommitInterval}: give up to a minute");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new MqttException($"spool: {message}");
        }
    }
}
