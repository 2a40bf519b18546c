namespace Edge.Fleet.Rollouts;

/// <summary>What a wave must show before the next one opens, and what ends a rollout.</summary>
public sealed record GateSpec
{
    /// <summary>The share of the devices that were given the release which must run it, 0 to 1.</summary>
    public double SuccessRatio { get; set; } = 0.95;

    /// <summary>How long that share must have stood, in seconds.</summary>
    public double SoakSeconds { get; set; } = 600;

    /// <summary>A greater share of failed devices ends the rollout and takes the release back, 0 to 1.</summary>
    public double AbortRatio { get; set; } = 0.1;

    /// <summary>The same for a rise of the mean share of failed frames, 0 to 1; null does not look at it.</summary>
    public double? MaximumErrorRise { get; set; } = 0.02;

    /// <summary>The same for the mean 95th percentile of latency as a multiple of what it was; null does not look at it.</summary>
    public double? MaximumLatencyRatio { get; set; } = 2;

    /// <summary>The same for the mean drift of classes, a population stability index; null does not look at it.</summary>
    public double? MaximumDrift { get; set; }

    /// <summary>How often a device may try again after it has failed.</summary>
    public int Retries { get; set; }

    /// <summary>How long after a failure the next attempt comes, in seconds; each further one takes twice as long.</summary>
    public double RetryDelaySeconds { get; set; } = 60;

    /// <summary>A device that has not answered for so long counts as failed, in seconds; 0 waits for ever.</summary>
    public double TimeoutSeconds { get; set; }

    internal void Validate()
    {
        Require(SuccessRatio is >= 0 and <= 1, "success ratio", "0 to 1");
        Require(SoakSeconds >= 0, "soak", "0 seconds or more");
        Require(AbortRatio is >= 0 and <= 1, "abort ratio", "0 to 1");
        Require(MaximumErrorRise is null or (>= 0 and <= 1), "error rise", "0 to 1");
        Require(MaximumLatencyRatio is null or >= 0, "latency ratio", "0 or more");
        Require(MaximumDrift is null or >= 0, "drift", "0 or more");
        Require(Retries is >= 0 and <= 100, "retries", "0 to 100");
        Require(RetryDelaySeconds is >= 0 and <= 604_800, "retry delay", "0 to 604800 seconds");
        Require(TimeoutSeconds >= 0, "timeout", "0 seconds or more");
    }

    private static void Require(bool condition, string what, string rule)
    {
        if (!condition)
        {
            throw new FleetException($"{what}: give {rule}");
        }
    }
}
