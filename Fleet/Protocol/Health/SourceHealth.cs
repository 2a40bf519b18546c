using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>How a source is.</summary>
public sealed record SourceHealth
{
    /// <summary>What it is: a path or an address without user, password and query.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is open.</summary>
    public required bool Open { get; init; }

    /// <summary>How often it was opened again after it had failed.</summary>
    public required long Restarts { get; init; }

    /// <summary>Why it failed last; null where it never did.</summary>
    public required string? LastError { get; init; }

    /// <summary>When it failed last, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public DateTimeOffset? LastErrorTime { get; init; }
}
