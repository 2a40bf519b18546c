namespace Edge.Fleet.Rollouts;

/// <summary>What is rolled out, to whom and how; never changed after a rollout was made.</summary>
public sealed record RolloutPlan
{
    /// <summary>The rollout's name, unique.</summary>
    public required string Id { get; init; }

    /// <summary>The package's name.</summary>
    public required string Package { get; init; }

    /// <summary>The release: the SHA-256 of its manifest.</summary>
    public required string Release { get; init; }

    /// <summary>Whether the release's signature was verified; a rollout of any other is refused.</summary>
    public required bool IsSigned { get; init; }

    /// <summary>The devices: a query over tags.</summary>
    public string Query { get; init; } = "all";

    /// <summary>The waves, each a total; see <see cref="WaveList"/>.</summary>
    public IReadOnlyList<WaveSize> Waves { get; init; } = [WaveSize.Everyone];

    /// <summary>How many devices may be on their way at one time; 0 sets no limit beyond the waves.</summary>
    public int MaximumInFlight { get; init; }

    /// <summary>What opens waves and what aborts.</summary>
    public Gate Gate { get; init; } = new();

    /// <summary>How often and how soon a device is asked again.</summary>
    public RetryPolicy Retry { get; init; } = new();

    /// <summary>When devices may be started; always where there is none. Rolling back waits for no window.</summary>
    public IReadOnlyList<MaintenanceWindow> Windows { get; init; } = [];

    /// <summary>A package that a device must run before; null where none.</summary>
    public string? RequiresPackage { get; init; }

    /// <summary>The least release number of <see cref="RequiresPackage"/>.</summary>
    public long RequiresRelease { get; init; }

    /// <summary>Whether devices may be sent to a release that is older than the newest they have kept.</summary>
    public bool AllowDowngrade { get; init; }

    /// <summary>How long a device tries the release before it keeps it; null leaves that to the device's default.</summary>
    public TimeSpan? Trial { get; init; }

    /// <summary>Checks everything that the engine relies on.</summary>
    /// <exception cref="FleetException">Something is out of range, or the release is not signed.</exception>
    public void Validate()
    {
        if (!IsSigned)
        {
            throw new FleetException($"rollout {Id}: the release is not signed by a trusted key: sign the package and add it again");
        }
        if (Id.Length is 0 or > 64 || MaximumInFlight < 0 || Windows.Count > 32 || Trial < TimeSpan.Zero || Trial > TimeSpan.FromDays(1))
        {
            throw new FleetException("rollout: give a name of 1 to 64 characters, a limit of devices in flight from 0, at most 32 windows and a trial of 0 to 1 day");
        }
        WaveList.Check(Waves);
        Gate.Validate();
        Retry.Validate();
        foreach (MaintenanceWindow window in Windows)
        {
            window.Validate();
        }
    }
}
