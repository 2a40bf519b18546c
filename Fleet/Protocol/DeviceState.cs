using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>Whether a device's runtime is connected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceState>))]
public enum DeviceState
{
    /// <summary>The runtime has gone, by its own will or by the broker's last will.</summary>
    [JsonStringEnumMemberName("offline")]
    Offline,

    /// <summary>The runtime runs and is connected.</summary>
    [JsonStringEnumMemberName("online")]
    Online,
}
