namespace Edge.Fleet.Tests;

/// <summary>The invariants of rollouts over random histories.</summary>
public sealed class RolloutPropertyTests(ITestOutputHelper output)
{
    [Fact]
    public void Rollout_RandomHistories_InvariantsHold()
    {
        const long count = 20_000;
        const ulong seed = 1;
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
        Assert.Empty(wrong);
    }
}
