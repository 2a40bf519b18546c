using System.Text.Json.Serialization;

namespace Edge.Fleet.Protocol;

/// <summary>How far a device is with a release.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdatePhase>))]
public enum UpdatePhase
{
    /// <summary>Nothing is asked for.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>Blobs are fetched, or it waits to fetch them.</summary>
    [JsonStringEnumMemberName("downloading")]
    Downloading,

    /// <summary>Everything is there and is looked at.</summary>
    [JsonStringEnumMemberName("verifying")]
    Verifying,

    /// <summary>The package is good and lies in the idle slot.</summary>
    [JsonStringEnumMemberName("staged")]
    Staged,

    /// <summary>It runs, and may yet go back.</summary>
    [JsonStringEnumMemberName("trial")]
    Trial,

    /// <summary>It runs, and is kept.</summary>
    [JsonStringEnumMemberName("committed")]
    Committed,

    /// <summary>It ran, failed its trial, and the release before runs again.</summary>
    [JsonStringEnumMemberName("rolledBack")]
    RolledBack,

    /// <summary>It never ran: it was refused.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
