namespace Edge.Runtime.Configuration;

/// <summary>Announces the device to Home Assistant.</summary>
internal sealed record HomeAssistantConfig
{
    /// <summary>The first level of its discovery topics.</summary>
    public string Prefix { get; set; } = "homeassistant";

    /// <summary>What people call the device; null for its name in topics.</summary>
    public string? Name { get; init; }
}
