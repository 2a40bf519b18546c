namespace Edge.Fleet.Rollouts;

/// <summary>How often and how soon a device is asked again.</summary>
public sealed record RetryPolicy
{
    /// <summary>Attempts at one device, the first included: 1 to 100.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>How long after a failure the second attempt comes; each further one takes twice as long.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a device may take for one attempt before it counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The wait after a number of failures.</summary>
    /// <param name="tries">Attempts so far, from 1.</param>
    internal TimeSpan DelayAfter(int tries) => Delay * (1 << Math.Min(tries - 1, 10));

    internal void Validate()
    {
        if (Attempts is < 1 or > 100 || Delay < TimeSpan.Zero || Delay > TimeSpan.FromDays(7) || Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(365))
        {
            throw new FleetException("retry: give 1 to 100 attempts, a delay of 0 to 7 days and a timeout above 0 and up to 365 days");
        }
    }
}
