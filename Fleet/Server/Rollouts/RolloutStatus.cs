using System.Text.Json.Serialization;

namespace Edge.Fleet.Rollouts;

/// <summary>How a rollout stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RolloutStatus>))]
public enum RolloutStatus
{
    /// <summary>Devices are given the release, wave by wave.</summary>
    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>No further device is given the release.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>Every wave is through; devices that appear later get the release at once.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>Every device that had the release is asked to go back, and not all have.</summary>
    [JsonStringEnumMemberName("aborting")]
    Aborting,

    /// <summary>Every device that had the release has gone back.</summary>
    [JsonStringEnumMemberName("aborted")]
    Aborted,

    /// <summary>No further device is given the release; those that have it keep it.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
