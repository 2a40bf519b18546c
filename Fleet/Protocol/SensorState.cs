using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The class that holds, without flicker: hysteresis and a least duration stand between it and the best class of one window.</summary>
public sealed record SensorState
{
    /// <summary>The class, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Its name from the package's labels, or null where the package has none.</summary>
    public string? Label { get; init; }

    /// <summary>The time of the reading from which on it holds, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Since { get; init; }
}
