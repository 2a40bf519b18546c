using Edge.Fleet.Rollouts;
using Edge.Foundation;

namespace Edge.Chaos;

/// <summary>Random plans, and what a flaw makes of them.</summary>
internal static class Plans
{
    private const int Count = 4096;

    private static readonly string[] Waves = ["100%", "1", "1,50%", "2,4", "25%", "1x2", "1,3,75%", "10%,20%"];
    private static readonly RolloutPlan[] All = Make();

    internal static RolloutPlan Random(ref SplitMix64 random) => All[random.Below(Count)];

    internal static RolloutPlan Broken(RolloutPlan plan, Flaw flaw) => flaw switch
    {
        Flaw.WiderWaves => plan with { Waves = [.. plan.Waves.Select(wave => wave.IsPercent ? wave : wave with { Value = wave.Value + 1 })] },
        Flaw.NoSuccessGate => plan with { Gate = plan.Gate with { MinimumSuccess = 0 } },
        Flaw.NoSoak => plan with { Gate = plan.Gate with { Soak = TimeSpan.Zero } },
        Flaw.NoAbort => plan with { Gate = plan.Gate with { AbortAbove = 1 } },
        Flaw.NoHealth => plan with { Gate = plan.Gate with { MaximumLatencyRatio = null } },
        Flaw.NoFlightLimit => plan with { MaximumInFlight = 0 },
        Flaw.NoWindows => plan with { Windows = [] },
        Flaw.TrustsUnsigned => plan with { IsSigned = true },
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
                Release = History.Release,
                IsSigned = random.Below(64) > 0,
                Waves = WaveList.Parse(Waves[random.Below(Waves.Length)]),
                MaximumInFlight = random.Below(4) switch { 0 => 1, 1 => 2, _ => 0 },
                Windows = random.Below(8) == 0 ? [MaintenanceWindow.Parse("22:00-04:00 Europe/Berlin")] : [],
                Gate = new Gate
                {
                    MinimumSuccess = random.Below(4) switch { 0 => 0, 1 => 0.5, 2 => 0.9, _ => 1 },
                    AbortAbove = random.Below(4) switch { 0 => 0, 1 => 0.2, 2 => 0.5, _ => 1 },
                    Soak = TimeSpan.FromMinutes(random.Below(2) * 10),
                    MaximumLatencyRatio = random.Below(4) == 0 ? 1.5 : null,
                },
                Retry = new RetryPolicy
                {
                    Attempts = 1 + random.Below(3),
                    Delay = TimeSpan.FromMinutes(random.Below(2) * 5),
                    Timeout = TimeSpan.FromHours(random.Below(2) == 0 ? 1 : 8),
                },
            };
        }
        return plans;
    }
}
