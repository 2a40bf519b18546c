using Edge.Agent.State;
using Edge.Fleet.Protocol;

namespace Edge.Agent.Tests;

public sealed class MachineTests
{
    private static readonly UpdateState Idle = new()
    {
        Name = "model",
        Running = new SlotRelease { Slot = SlotName.A, Version = "5.0.0", Release = 5, ManifestSha256 = Hash('5') },
        Highest = 5,
    };

    [Fact]
    public void Asked_NewRelease_IsDownloaded()
    {
        UpdateState state = UpdateMachine.Asked(Idle, Release(6));
        Assert.Equal(UpdatePhase.Downloading, state.Phase);
        Assert.Same(state, UpdateMachine.Asked(state, Release(6) with { Manifest = state.Target!.Manifest, Signature = state.Target.Signature, Trial = state.Target.Trial }));
    }

    [Fact]
    public void Asked_TheReleaseThatRuns_IsCommittedWithoutWork() =>
        Assert.Equal(UpdatePhase.Committed, UpdateMachine.Asked(Idle, Release(5)).Phase);

    [Fact]
    public void Asked_AnotherReleaseInTheMiddleOfATrial_LeavesTheTrial()
    {
        UpdateState trial = UpdateMachine.Switching(UpdateMachine.Verified(UpdateMachine.Fetched(UpdateMachine.Asked(Idle, Release(6)))));
        Assert.Equal(UpdatePhase.Trial, trial.Phase);
        Assert.Equal(UpdatePhase.Downloading, UpdateMachine.Asked(trial, Release(7)).Phase);
        Assert.Equal(UpdatePhase.Committed, UpdateMachine.Asked(trial, Release(5)).Phase);
    }

    [Fact]
    public void Passed_Trial_SwapsTheSlotsAndRaisesTheMark()
    {
        UpdateState kept = UpdateMachine.Passed(UpdateMachine.Switching(UpdateMachine.Verified(UpdateMachine.Asked(Idle, Release(6)))));
        Assert.Equal((SlotName.B, 6L, 6L, UpdatePhase.Committed), (kept.Running.Slot, kept.Running.Release, kept.Highest, kept.Phase));
        Assert.Equal(5, kept.Previous?.Release);
        UpdateState back = UpdateMachine.Passed(UpdateMachine.Switching(UpdateMachine.Verified(UpdateMachine.Asked(kept, Release(5) with { AllowDowngrade = true }))));
        Assert.Equal((SlotName.A, 5L, 6L), (back.Running.Slot, back.Running.Release, back.Highest));
    }

    [Fact]
    public void Rejected_Release_IsRememberedUntilAHigherAttempt()
    {
        UpdateState failed = UpdateMachine.Rejected(UpdateMachine.Switching(UpdateMachine.Asked(Idle, Release(6))), "bad");
        Assert.Equal((UpdatePhase.RolledBack, "bad"), (failed.Phase, failed.Error));
        UpdateState other = UpdateMachine.Asked(failed, Release(7));
        Assert.Equal((UpdatePhase.RolledBack, "bad"), (UpdateMachine.Asked(other, Release(6)).Phase, UpdateMachine.Asked(other, Release(6)).Error));
        Assert.Equal(UpdatePhase.Downloading, UpdateMachine.Asked(other, Release(6) with { Attempt = 2 }).Phase);
    }

    [Fact]
    public void Rejected_ManyReleases_OnlySoManyAreRemembered()
    {
        UpdateState state = Idle;
        for (int i = 6; i < 100; i++)
        {
            state = UpdateMachine.Rejected(UpdateMachine.Asked(state, Release(i)), "bad");
        }
        Assert.Equal(UpdateState.MaximumRejected, state.Rejected.Count);
    }

    [Fact]
    public void Started_AsOftenAsAllowed_TheReleaseIsGivenUp()
    {
        UpdateState trial = UpdateMachine.Switching(UpdateMachine.Verified(UpdateMachine.Asked(Idle, Release(6))));
        UpdateState once = UpdateMachine.Started(trial, 3);
        UpdateState twice = UpdateMachine.Started(once, 3);
        Assert.Equal((UpdatePhase.Trial, UpdatePhase.Trial), (once.Phase, twice.Phase));
        // A stop that somebody asked for does not count.
        Assert.Equal(UpdatePhase.Trial, UpdateMachine.Started(UpdateMachine.Stopped(twice), 3).Phase);
        UpdateState thrice = UpdateMachine.Started(twice, 3);
        Assert.Equal((UpdatePhase.RolledBack, "the runtime ended 3 times while the release was tried"), (thrice.Phase, thrice.Error));
    }

    private static DesiredRelease Release(long number) => new()
    {
        Name = "model",
        Version = $"{number}.0.0",
        Release = number,
        ManifestSha256 = Hash((char)('0' + (number % 75))),
        Manifest = [],
        Signature = [1],
        PackageBytes = 1,
    };

    private static string Hash(char c) => new(c, 64);
}
