using Edge.Chaos;

namespace Edge.Fleet.Tests;

/// <summary>Random histories, as <c>make chaos</c> plays them by the million: the engine keeps every invariant, and a broken server does not.</summary>
public sealed class ChaosTests
{
    private const long Histories = 3000;
    private const long HistoriesOfAFlaw = 20_000;

    public static TheoryData<Flaw> Flaws => [.. Enum.GetValues<Flaw>().Where(flaw => flaw != Flaw.None)];

    [Fact]
    public void Rollout_AsItIs_KeepsEveryInvariant()
    {
        ChaosResult result = Player.Play(Histories, seed: 7, threads: Environment.ProcessorCount);

        Assert.Equal(Histories, result.Histories);
        Assert.Null(result.FirstFailure);
        // Histories that never end in one way or never crash would prove little.
        Assert.True(result.Crashes > Histories);
        Assert.Equal(["Aborted", "Aborting", "Cancelled", "Completed", "Paused", "Running"], result.Ends.Keys);
    }

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Rollout_BrokenOnPurpose_IsNoticed(Flaw flaw)
    {
        ChaosResult result = Player.Play(HistoriesOfAFlaw, seed: 7, flaw, threads: 1, stopAtFailure: true);

        Assert.NotNull(result.FirstFailure);
    }

    [Fact]
    public void Play_TheSameSeed_GivesTheSameHistories()
    {
        ChaosResult once = Player.Play(500, seed: 3, threads: 1);
        ChaosResult again = Player.Play(500, seed: 3, threads: 2);

        Assert.Equal((once.Events, once.Crashes, once.Failures), (again.Events, again.Crashes, again.Failures));
        Assert.Equal(once.Ends, again.Ends);
    }
}
