namespace Edge.Runtime.Configuration;

/// <summary>One sensor of a source of the type <c>sensors</c>.</summary>
internal sealed record SensorConfig
{
    /// <summary>The kind, as <c>bme280</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Bus and address, or part of the name of a kernel's device.</summary>
    public required string Place { get; init; }

    /// <summary>The columns that its channels become, by the channels' names; null takes those names. Channels that are not named are left out.</summary>
    public IReadOnlyDictionary<string, string>? Columns { get; init; }
}
