using System.Globalization;

namespace Edge.Fleet.Tests;

/// <summary>The invariants of rollouts over random histories. EDGE_CHAOS_HISTORIES says how many, EDGE_CHAOS_SEED where to begin.</summary>
public sealed class RolloutPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Rollout_RandomHistories_InvariantsHold()
    {
        long count = long.Parse(Environment.GetEnvironmentVariable("EDGE_CHAOS_HISTORIES") ?? "20000", CultureInfo.InvariantCulture);
        ulong seed = ulong.Parse(Environment.GetEnvironmentVariable("EDGE_CHAOS_SEED") ?? "1", CultureInfo.InvariantCulture);
        var wrong = new List<string>();
        Parallel.For(0L, count, (i, state) =>
        {
            if (new RolloutHistory(seed + (ulong)i).Run() is { } failure)
            {
                lock (wrong)
                {
                    wrong.Add(failure);
                    if (wrong.Count > 10)
                    {
                        state.Stop();
                    }
                }
            }
        });
        output.WriteLine($"{count} histories from seed {seed}: {wrong.Count} broke an invariant");
        if (Environment.GetEnvironmentVariable("EDGE_CHAOS_JSON") is { } path)
        {
            File.WriteAllText(path, $$"""{"randomHistories":{{count}},"invariantFailures":{{wrong.Count}},"seed":{{seed}}}""" + "\n");
        }
        Assert.Empty(wrong);
    }
}
