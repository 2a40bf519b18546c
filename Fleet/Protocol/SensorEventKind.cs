using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>What happened to readings.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SensorEventKind>))]
public enum SensorEventKind
{
    /// <summary>Another class holds.</summary>
    [JsonStringEnumMemberName("classChange")]
    ClassChange,

    /// <summary>Readings have become unusual.</summary>
    [JsonStringEnumMemberName("anomalyStart")]
    AnomalyStart,

    /// <summary>Readings are usual again.</summary>
    [JsonStringEnumMemberName("anomalyEnd")]
    AnomalyEnd,
}
