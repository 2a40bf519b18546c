namespace Edge.Runtime.Configuration;

/// <summary>
/// The whole of <c>edge-runtime.json</c>; firmware-docs/edge-runtime.md describes every field. What has a default has a setter:
/// generated deserializers give init-only properties that are absent the default of their type instead.
/// </summary>
internal sealed record RuntimeConfig
{
    /// <summary>The JSON Schema of the file, for editors; not read.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The device's name in topics.</summary>
    public required string Device { get; init; }

    /// <summary>The first level of every topic.</summary>
    public string Root { get; set; } = "edge";

    /// <summary>Null where nothing goes over MQTT.</summary>
    public BrokerConfig? Broker { get; init; }

    /// <summary>Null announces nothing to Home Assistant.</summary>
    public HomeAssistantConfig? HomeAssistant { get; init; }

    /// <summary>Null keeps nothing while the broker is away.</summary>
    public SpoolConfig? Spool { get; init; }

    /// <summary>Files of public keys; a package must be signed by one of them.</summary>
    public required IReadOnlyList<string> TrustedKeys { get; init; }

    public required IReadOnlyList<PipelineConfig> Pipelines { get; init; }

    /// <summary>Inputs and outputs of the board.</summary>
    public IReadOnlyList<GpioConfig> Gpio { get; set; } = [];

    /// <summary>Execution providers in the order in which they are tried.</summary>
    public IReadOnlyList<string> Providers { get; set; } = ["auto"];

    /// <summary>Threads of the engine per inference; 0: one where several frames are worked on at once, otherwise the engine's choice.</summary>
    public int Threads { get; set; }

    /// <summary>True finds <see cref="Threads"/> out by a short trial where it is 0 and one frame is worked on at a time.</summary>
    public bool MeasureThreads { get; set; }

    public EngineConfig Engine { get; set; } = new();

    /// <summary>Whether optimized models are kept from start to start.</summary>
    public bool Cache { get; set; } = true;

    /// <summary>Where they are kept; null: <see cref="Models.CacheHome"/>. Only the runtime's user may write there.</summary>
    public string? CacheFolder { get; init; }

    public HealthConfig Health { get; set; } = new();

    /// <summary>Null where packages change only with the configuration.</summary>
    public UpdateConfig? Update { get; init; }

    /// <summary>Null sends no OpenTelemetry metrics.</summary>
    public OtlpConfig? Otlp { get; init; }
}
