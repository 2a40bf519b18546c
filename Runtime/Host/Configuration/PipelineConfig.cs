using System.Text.Json;

namespace Edge.Runtime.Configuration;

/// <summary>One source, one model, and where its results go.</summary>
internal sealed record PipelineConfig
{
    internal const string PublishEvery = "every";
    internal const string PublishChange = "change";

    public required string Name { get; init; }

    public required string Package { get; init; }

    /// <summary>The name of the package; null where nothing updates it. Not read.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    internal string? PackageName { get; init; }

    public required SourceConfig Source { get; init; }

    /// <summary>Where results go; MQTT where nothing is said.</summary>
    public IReadOnlyList<SinkConfig> Sinks { get; set; } = [new SinkConfig { Type = SinkConfig.Mqtt }];

    /// <summary>False starts the pipeline paused, until a command enables it.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary><c>every</c>: a message per frame; <c>change</c>: a message when the result is another one than before.</summary>
    public string Publish { get; set; } = PublishEvery;

    /// <summary>How many classes a message carries; null for as many as the package says.</summary>
    public int? TopK { get; init; }

    /// <summary>Results below this are left out, 0 to 1; null for the package's own.</summary>
    public double? Threshold { get; init; }

    /// <summary>Frames that are worked on at the same time; 0: as many as cores for files, one for live sources.</summary>
    public int Workers { get; set; }

    /// <summary>How readings are looked at; null for the defaults, and for pipelines of images.</summary>
    public ReadingsConfig? Readings { get; init; }

    /// <summary>How objects are followed; null where they are not, or as zones, lines or snapshots need it by default.</summary>
    public TrackConfig? Track { get; init; }

    public IReadOnlyList<ZoneConfig> Zones { get; set; } = [];

    public IReadOnlyList<LineConfig> Lines { get; set; } = [];

    /// <summary>Pictures that leave the device; null for none.</summary>
    public SnapshotConfig? Snapshot { get; init; }

    /// <summary>What wakes the pipeline; null for one that is always awake.</summary>
    public TriggerConfig? Trigger { get; init; }

    public QuarantineConfig Quarantine { get; set; } = new();

    /// <summary>Whether objects are followed from frame to frame.</summary>
    internal bool FollowsObjects => Track is not null || Zones.Count > 0 || Lines.Count > 0 || Snapshot is not null;

    /// <summary>Whether another configuration follows objects in the same way.</summary>
    internal bool IsSameScene(PipelineConfig other) => SceneText(this) == SceneText(other);

    private static string SceneText(PipelineConfig config) => JsonSerializer.Serialize(
        new PipelineConfig { Name = "", Package = "", Source = new SourceConfig { Type = "", FramesPerSecond = config.Source.FramesPerSecond }, Track = config.Track, Zones = config.Zones, Lines = config.Lines, Snapshot = config.Snapshot },
        ConfigJsonContext.Default.PipelineConfig);
}
