using System.Text.Json.Serialization;

namespace Edge.Fleet.Rollouts;

/// <summary>How a device stands in a rollout.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MemberStage>))]
public enum MemberStage
{
    /// <summary>Its wave has not come.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It is asked to run the release.</summary>
    [JsonStringEnumMemberName("assigned")]
    Assigned,

    /// <summary>It runs the release and keeps it.</summary>
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>It has refused the release or taken it back, as often as it may try.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It is asked to go back.</summary>
    [JsonStringEnumMemberName("returning")]
    Returning,

    /// <summary>It has gone back.</summary>
    [JsonStringEnumMemberName("returned")]
    Returned,

    /// <summary>It had the release before the rollout: nothing is asked of it.</summary>
    [JsonStringEnumMemberName("already")]
    Already,

    /// <summary>It was taken out: excluded, pinned, or no longer in the group.</summary>
    [JsonStringEnumMemberName("excluded")]
    Excluded,
}
