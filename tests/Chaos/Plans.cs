using Edge.Fleet.Rollouts;
using Edge.Foundation;

namespace Edge.Chaos;

/// <summary>Random plans, and what a flaw makes of them.</summary>
internal static class Plans
{
    private const int Count = 4096;

    private static readonly string[] Waves = ["100%", "1", "1,50%", "2,4", "25%", "1,2,4", "1,3,75%", "10%,20%"];
    private static readonly RolloutPlan[] All = Make();

    internal static RolloutPlan Random(ref SplitMix64 random) => All[random.Below(Count)];

    internal static RolloutPlan Broken(RolloutPlan plan, Flaw flaw) => flaw switch
    {
        Flaw.WiderWaves => plan with { Waves = [.. plan.Waves.Select(wave => wave.Count is { } count ? wave with { Count = count + 1 } : wave)] },
        Flaw.NoSuccessGate => plan with { Gate = plan.Gate with { SuccessRatio = 0 } },
        Flaw.NoSoak => plan with { Gate = plan.Gate with { SoakSeconds = 0 } },
        Flaw.NoAbort => plan with { Gate = plan.Gate with { AbortRatio = 1 } },
        Flaw.NoHealth => plan with { Gate = plan.Gate with { MaximumLatencyRatio = null } },
        Flaw.NoWindows => plan with { Window = null },
        _ => plan,
    };

    private static RolloutPlan[] Make()
    {
        var random = new SplitMix64(20260101);
        var plans = new RolloutPlan[Count];
        for (int i = 0; i < Count; i++)
        {
            plans[i] = new RolloutPlan
            {
                Id = $"r{i}",
                Package = "model",
                Manifest = History.Release,
                Devices = "all",
                Waves = WaveSpec.Parse(Waves[random.Below(Waves.Length)], 8),
                Window = random.Below(8) == 0 ? MaintenanceWindow.Parse("22:00-04:00 Europe/Berlin") : null,
                Gate = new GateSpec
                {
                    SuccessRatio = random.Below(4) switch { 0 => 0, 1 => 0.5, 2 => 0.9, _ => 1 },
                    AbortRatio = random.Below(4) switch { 0 => 0, 1 => 0.2, 2 => 0.5, _ => 1 },
                    SoakSeconds = random.Below(2) * 600,
                    MaximumErrorRise = null,
                    MaximumLatencyRatio = random.Below(4) == 0 ? 1.5 : null,
                    Retries = random.Below(3),
                    RetryDelaySeconds = random.Below(2) * 300,
                    TimeoutSeconds = random.Below(3) switch { 0 => 0, 1 => 3600, _ => 8 * 3600 },
                },
            };
        }
        return plans;
    }
}
