using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>What a pipeline does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PipelineState>))]
public enum PipelineState
{
    /// <summary>It cannot work yet: its package cannot be used. It is tried again.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Frames come and results go.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its source gives no frames; it is opened again and again.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It waits for the trigger that wakes it.</summary>
    [JsonStringEnumMemberName("asleep")]
    Asleep,

    /// <summary>Told to pause.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>Its model failed too often and is left alone for a while.</summary>
    [JsonStringEnumMemberName("quarantined")]
    Quarantined,

    /// <summary>Its source is through.</summary>
    [JsonStringEnumMemberName("ended")]
    Ended,
}
