using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>What happened to a tracked object.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ObjectEventKind>))]
public enum ObjectEventKind
{
    /// <summary>It was seen for the first time.</summary>
    [JsonStringEnumMemberName("start")]
    Start,

    /// <summary>It goes on; told at intervals.</summary>
    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>It is gone.</summary>
    [JsonStringEnumMemberName("end")]
    End,

    /// <summary>It entered a zone.</summary>
    [JsonStringEnumMemberName("zoneEnter")]
    ZoneEnter,

    /// <summary>It left a zone, or ended inside.</summary>
    [JsonStringEnumMemberName("zoneLeave")]
    ZoneLeave,

    /// <summary>It has been in a zone for longer than is usual.</summary>
    [JsonStringEnumMemberName("loiter")]
    Loiter,

    /// <summary>It crossed a line.</summary>
    [JsonStringEnumMemberName("lineCross")]
    LineCross,

    /// <summary>It stopped moving.</summary>
    [JsonStringEnumMemberName("stationary")]
    Stationary,

    /// <summary>It moves again after it was stationary.</summary>
    [JsonStringEnumMemberName("moving")]
    Moving,
}
