using Edge.Fleet.Rollouts;

namespace Edge.Fleet.Store;

/// <summary>What an operator asks of the server.</summary>
public sealed record FleetCommand
{
    /// <summary>Makes a rollout.</summary>
    public const string Create = "create";

    /// <summary>Stops giving the release to further devices.</summary>
    public const string Pause = "pause";

    /// <summary>Goes on.</summary>
    public const string Resume = "resume";

    /// <summary>Takes the release back.</summary>
    public const string Abort = "abort";

    /// <summary>Ends the rollout as it is.</summary>
    public const string Cancel = "cancel";

    /// <summary>Sets or takes tags of a device.</summary>
    public const string Tag = "tag";

    /// <summary>Keeps a device out of rollouts.</summary>
    public const string Exclude = "exclude";

    /// <summary>Lets it in again.</summary>
    public const string Include = "include";

    /// <summary>Keeps a device at a release.</summary>
    public const string Pin = "pin";

    /// <summary>Lets it go.</summary>
    public const string Unpin = "unpin";

    /// <summary>One of the verbs.</summary>
    public required string Verb { get; init; }

    /// <summary>The rollout, where it is about one.</summary>
    public string? Rollout { get; init; }

    /// <summary>The device, where it is about one.</summary>
    public string? Device { get; init; }

    /// <summary>The plan of a new rollout.</summary>
    public RolloutPlan? Plan { get; init; }

    /// <summary>Tags: a value, or null to take one away.</summary>
    public Dictionary<string, string?>? Tags { get; init; }

    /// <summary>The package to pin or to let go.</summary>
    public string? Package { get; init; }

    /// <summary>The manifest to pin it at.</summary>
    public string? Manifest { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }
}
