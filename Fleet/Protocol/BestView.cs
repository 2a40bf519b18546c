using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The surest sight of a tracked object so far.</summary>
public sealed record BestView
{
    /// <summary>How sure the model was, 0 to 1.</summary>
    public required float Score { get; init; }

    /// <summary>Where the object was.</summary>
    public required BoxEdges Box { get; init; }

    /// <summary>When, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset Time { get; init; }
}
