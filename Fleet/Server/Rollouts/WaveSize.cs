namespace Edge.Fleet.Rollouts;

/// <summary>How many devices may have been started while a wave is open, those of earlier waves included.</summary>
/// <param name="Value">A count of devices, or a share of the group in per cent.</param>
/// <param name="IsPercent">Which of the two.</param>
public readonly record struct WaveSize(double Value, bool IsPercent)
{
    /// <summary>The whole group.</summary>
    public static WaveSize Everyone => new(100, true);

    /// <summary>The number of devices of a group with <paramref name="eligible"/> devices: shares are rounded up.</summary>
    /// <param name="eligible">Devices that the rollout may start.</param>
    public int Of(int eligible) => IsPercent
        ? (int)Math.Min(eligible, Math.Ceiling(eligible * Value / 100))
        : (int)Math.Min(eligible, Value);
}
