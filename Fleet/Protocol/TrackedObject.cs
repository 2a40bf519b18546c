using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>The object of an <see cref="ObjectEvent"/>, as it was then.</summary>
public sealed record TrackedObject
{
    /// <summary>Its class, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The class's name from the package's labels, or null where the package has none.</summary>
    public string? Label { get; init; }

    /// <summary>How sure the model was when it saw it last, 0 to 1.</summary>
    public required float Score { get; init; }

    /// <summary>Where it was seen last.</summary>
    public required BoxEdges Box { get; init; }

    /// <summary>The surest sight of it so far.</summary>
    public required BestView Best { get; init; }

    /// <summary>When it was first seen, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>When it was last seen, in UTC.</summary>
    [JsonConverter(typeof(UtcTimeConverter))]
    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Whether it stands still.</summary>
    public required bool Stationary { get; init; }

    /// <summary>The zones that it is in.</summary>
    public required IReadOnlyList<string> Zones { get; init; }

    /// <summary>Where the middle of its lower edge has been, oldest first: pairs of x and y in shares of the frame's size, evenly thinned.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Path { get; init; }
}
