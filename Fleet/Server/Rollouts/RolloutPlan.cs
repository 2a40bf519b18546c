using Edge.Fleet.Protocol;

namespace Edge.Fleet.Rollouts;

/// <summary>What a rollout is to do; it does not change once the rollout runs.</summary>
public sealed record RolloutPlan
{
    /// <summary>The rollout's name.</summary>
    public required string Id { get; init; }

    /// <summary>The package's name.</summary>
    public required string Package { get; init; }

    /// <summary>The release, by the SHA-256 of its manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>The devices, as a <see cref="Registry.TagQuery"/>.</summary>
    public required string Devices { get; init; }

    /// <summary>The waves, the last of them 100 %.</summary>
    public required IReadOnlyList<WaveSpec> Waves { get; init; }

    /// <summary>What lies between waves.</summary>
    public GateSpec Gate { get; set; } = new();

    /// <summary>What each device puts the release through.</summary>
    public TrialSpec Trial { get; set; } = new();

    /// <summary>When devices are given the release; null for always.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>True lets devices accept a release that is older than what they run.</summary>
    public bool AllowDowngrade { get; set; }
}
