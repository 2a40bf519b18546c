using Edge.Training.Schedules;

namespace Edge.Training.Tests;

public sealed class ScheduleTests
{
    private const int PerEpoch = 10;
    private const int Epochs = 10;

    [Fact]
    public void Constant_Always_IsOne() => Assert.All(Factors(new ConstantSchedule()), factor => Assert.Equal(1, factor));

    [Fact]
    public void Step_EveryThreeEpochs_HalvesTheRate()
    {
        double[] factors = Factors(new StepSchedule { Every = 3, Gamma = 0.5 });
        Assert.Equal([1, 1, 0.5, 0.125], new[] { factors[0], factors[29], factors[30], factors[99] });
    }

    [Fact]
    public void Cosine_FromStartToEnd_FallsToTheFinalShare()
    {
        double[] factors = Factors(new CosineSchedule { Final = 0.1 });
        Assert.Equal(1, factors[0]);
        Assert.Equal(0.55, factors[50], 1e-12);
        Assert.Equal(0.1, At(new CosineSchedule { Final = 0.1 }, 100), 1e-12);
        Assert.Equal(factors.OrderDescending(), factors);
    }

    [Fact]
    public void OneCycle_RisesThenFalls()
    {
        var schedule = new OneCycleSchedule { Rise = 0.3, Start = 0.1, Final = 0 };
        double[] factors = Factors(schedule);
        Assert.Equal(0.1, factors[0], 1e-12);
        Assert.Equal(0.55, factors[15], 1e-12);
        Assert.Equal(1, factors[30], 1e-12);
        Assert.Equal(0, At(schedule, 100), 1e-12);
        Assert.Equal(factors[..31].Order(), factors[..31]);
        Assert.Equal(factors[30..].OrderDescending(), factors[30..]);
    }

    [Fact]
    public void Warmup_TwoEpochs_RisesInAStraightLine()
    {
        double[] factors = Factors(new ConstantSchedule { Warmup = 2 });
        Assert.Equal([0.05, 0.5, 1, 1], new[] { factors[0], factors[9], factors[19], factors[20] });
    }

    [Fact]
    public void Plateau_LossStandsStill_LowersTheRate()
    {
        var schedule = new PlateauSchedule { Gamma = 0.5, Patience = 2, Final = 0.2 };
        Assert.Equal(1, After(schedule, 3, 2, 1));
        Assert.Equal(1, After(schedule, 1, 2));
        Assert.Equal(0.5, After(schedule, 1, 2, 1));
        Assert.Equal(0.5, After(schedule, 1, 2, 1, 0.5, 0.6));
        Assert.Equal(0.25, After(schedule, 1, 2, 1, 1, 1));
        Assert.Equal(0.2, After(schedule, 1, 1, 1, 1, 1, 1, 1));
    }

    [Fact]
    public void Parse_EveryName_GivesThatSchedule()
    {
        foreach (string name in Schedule.Names)
        {
            Schedule schedule = Schedule.Parse(name);
            schedule.Validate();
            Assert.Equal(name, schedule.Name);
        }
        Assert.Contains("one-cycle", Assert.Throws<TrainingException>(() => Schedule.Parse("linear")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OutOfRange_Throws()
    {
        Schedule[] wrong =
        [
            new ConstantSchedule { Warmup = -1 }, new StepSchedule { Every = 0 }, new StepSchedule { Gamma = 0 }, new CosineSchedule { Final = 2 },
            new OneCycleSchedule { Rise = 1 }, new PlateauSchedule { Patience = 0 }, new PlateauSchedule { Gamma = 1 },
        ];
        Assert.All(wrong, schedule => Assert.Throws<TrainingException>(schedule.Validate));
    }

    private static double[] Factors(Schedule schedule) => [.. Enumerable.Range(0, PerEpoch * Epochs).Select(step => At(schedule, step))];

    private static double At(Schedule schedule, int step) => schedule.Factor(new ScheduleMoment(step, PerEpoch, (double)step / (PerEpoch * Epochs), []));

    private static double After(Schedule schedule, params double[] losses) =>
        schedule.Factor(new ScheduleMoment(losses.Length * PerEpoch, PerEpoch, 0.5, losses));
}
