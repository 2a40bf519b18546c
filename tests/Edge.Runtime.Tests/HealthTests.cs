using Edge.Fleet.Protocol;
using Edge.Packages;
using Edge.Runtime.Configuration;
using Edge.Runtime.Health;
using Edge.Runtime.Models;
using Edge.Runtime.Pipelines;
using Edge.Runtime.Service;
using Edge.Runtime.Sources;
using Edge.Testing;

namespace Edge.Runtime.Tests;

public sealed class HealthTests
{
    [Fact]
    public void Measure_ResultsLikeTheReference_IsNearZeroAndOthersAreFar()
    {
        DriftReference reference = Reference([0.5, 0.25, 0.25], [0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0.5]);
        var meter = new DriftMeter(reference, 3);
        Assert.Null(meter.Measure());
        for (int i = 0; i < 400; i++)
        {
            meter.Add(i % 4 < 2 ? 0 : i % 4 - 1, i % 2 == 0 ? 0.85f : 0.95f);
        }
        DriftHealth same = meter.Measure()!;
        Assert.Equal(400, same.Samples);
        Assert.InRange(same.Classes!.Value, 0, 0.01);
        Assert.InRange(same.Confidence!.Value, 0, 0.01);
        for (int i = 0; i < 3 * DriftMeter.Window; i++)
        {
            meter.Add(2, 0.15f);
        }
        DriftHealth moved = meter.Measure()!;
        Assert.InRange(moved.Samples, DriftMeter.Window, 2 * DriftMeter.Window);
        Assert.True(moved.Classes > 1 && moved.Confidence > 1);
    }

    [Fact]
    public void Measure_HalfOfOneClassMoved_IsTheFormula()
    {
        var meter = new DriftMeter(Reference([0.5, 0.5], null), 2);
        for (int i = 0; i < 1000; i++)
        {
            meter.Add(i % 4 == 0 ? 0 : 1, 1);
        }
        double expected = ((0.25 - 0.5) * Math.Log(0.25 / 0.5)) + ((0.75 - 0.5) * Math.Log(0.75 / 0.5));
        Assert.Equal(expected, meter.Measure()!.Classes!.Value, 1e-4);
        Assert.Null(meter.Measure()!.Confidence);
    }

    [Fact]
    public void Add_AfterWarmUp_AllocatesNothing()
    {
        var meter = new DriftMeter(Reference([0.5, 0.5], null), 2);
        meter.Add(0, 1);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                meter.Add(i % 2, 0.5f);
            }
        }));
    }

    [Fact]
    public void Look_AfterMuchGarbage_CollectsWhatIsYoung()
    {
        var watch = new MemoryWatch(() => 0);
        watch.Look();
        WeakReference garbage = Waste();
        watch.Look();
        Assert.False(garbage.IsAlive);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Waste()
        {
            byte[] waste = [];
            for (int i = 0; i < 100; i++)
            {
                waste = new byte[20_000];
            }
            return new WeakReference(waste);
        }
    }

    [Fact]
    public void Note_FailuresWithinTheWindow_QuarantineThatGrowsAndShrinks()
    {
        var time = new ManualTime();
        var quarantine = new Quarantine(new QuarantineConfig { Failures = 3, WindowSeconds = 10, RetrySeconds = 20 }, time);
        Assert.False(quarantine.Note());
        time.Advance(6);
        Assert.False(quarantine.Note());
        time.Advance(6);
        Assert.False(quarantine.Note(), "the first failure is out of the window");
        Assert.True(quarantine.Note(), "three failures within ten seconds");
        Assert.True(quarantine.IsActive);
        time.Advance(19);
        Assert.False(quarantine.IsOver());
        time.Advance(2);
        Assert.True(quarantine.IsOver());
        quarantine.Lift();
        Fail(quarantine, 3);
        time.Advance(39);
        Assert.False(quarantine.IsOver(), "twice as long in a row");
        time.Advance(2);
        Assert.True(quarantine.IsOver());
        quarantine.Lift();
        time.Advance(1000);
        Fail(quarantine, 3);
        time.Advance(21);
        Assert.True(quarantine.IsOver(), "short again after a good time");
        Assert.Equal(3, quarantine.Count);
    }

    [Fact]
    public void Machine_KernelFiles_AreReadAsTheyAreWritten()
    {
        using var root = new TemporaryFolder();
        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(root[path])!);
            File.WriteAllText(root[path], text);
        }
        var facts = new MachineFacts(root.Path, root.Path);
        Assert.Null(facts.Look(null).TemperatureCelsius);
        Assert.Null(facts.Look(null).Throttled);
        Write("sys/class/thermal/thermal_zone0/temp", "45123\n");
        Write("sys/class/thermal/thermal_zone1/temp", "61500\n");
        Write("sys/class/thermal/thermal_zone2/temp", "-274000\n");
        Write("sys/class/thermal/thermal_zone3/temp", "nonsense");
        Write("sys/class/thermal/thermal_zone1/type", "gpu-thermal\n");
        MachineHealth warm = facts.Look(null);
        Assert.Equal(61.5, warm.TemperatureCelsius);
        Assert.Equal([new ZoneTemperature("thermal_zone0", 45.1), new ZoneTemperature("gpu-thermal", 61.5)], warm.Temperatures);
        Write("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "7\n");
        Assert.False(facts.Look(null).Throttled);
        Write("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "8\n");
        Assert.True(facts.Look(null).Throttled);
        Assert.False(facts.Look(null).Throttled);
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        Assert.True(facts.Look(null).Throttled);
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", "50000\n");
        Assert.False(facts.Look(null).Throttled);
        Write("sys/class/thermal/cooling_device0/type", "cpufreq-cpu0\n");
        Write("sys/class/thermal/cooling_device0/cur_state", "2\n");
        Assert.True(facts.Look(null).Throttled);
        Write("sys/class/hwmon/hwmon0/name", "ina3221\n");
        Write("sys/class/hwmon/hwmon0/in1_input", "5000\n");
        MachineHealth health = facts.Look(baseline: 12.5);
        Assert.Equal(["cpufreq-cpu0 limits the clock"], health.Throttling);
        Assert.Equal([new SupplyReading("ina3221@hwmon0 voltage1", 5, "V")], health.Supplies);
        Assert.True(health.RssMB > 0 && health.DiskFreeMB > 0 && health.Cores > 0);
        Assert.Equal(12.5, health.BaselineRssMB);
    }

    [Fact]
    public void Look_PulseThatStands_IsStuckUntilItMoves()
    {
        using var notifier = new Notifier(null);
        var source = new SourceConfig { Type = "folder", Path = "/nowhere" };
        var config = new PipelineConfig { Name = "light", Package = "x", Source = source };
        using var pipeline = new Pipeline(config, 1, [], new FirstResult());
        double limit = 1000;
        var watchdog = new Watchdog(notifier, () => [pipeline], () => limit);
        Pulse pulse = pipeline.Pulses().Single();
        pulse.Enter("publish");
        watchdog.Look(feed: true);
        Assert.Empty(watchdog.Stuck);
        limit = 0;
        Wait.Until(() => pulse.Age > TimeSpan.Zero, "time that passes");
        watchdog.Look(feed: true);
        Assert.Equal(["worker of light: stuck in publish"], watchdog.Stuck);
        pulse.Leave();
        watchdog.Look(feed: true);
        Assert.Empty(watchdog.Stuck);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("2000000", null, 2.0)]
    [InlineData("2000000", "1", null)]
    [InlineData("0", null, null)]
    [InlineData("soon", null, null)]
    public void WatchdogInterval_OfTheEnvironment_IsThisProcessesOwn(string? microseconds, string? process, double? seconds) =>
        Assert.Equal(seconds, Notifier.WatchdogInterval(microseconds, process)?.TotalSeconds);

    [Fact]
    public void JobQueue_Jobs_RunInTurnAndOneOfAKeyWaitsOnce()
    {
        using var gate = new ManualResetEventSlim();
        var done = new List<string>();
        using (var jobs = new JobQueue())
        {
            jobs.Post("first", gate.Wait);
            Wait.Until(() => !jobs.IsIdle, "the first job");
            jobs.Post("a", () => done.Add("a"));
            jobs.Post("b", () => throw new InvalidOperationException("of a job"));
            jobs.Post("a", () => done.Add("never"));
            jobs.Post("c", () => done.Add("c"));
            gate.Set();
            Wait.Until(() => jobs.IsIdle, "the end of all jobs");
        }
        Assert.Equal(["a", "c"], done);
    }

    private static void Fail(Quarantine quarantine, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Assert.Equal(i == times - 1, quarantine.Note());
        }
    }

    private static DriftReference Reference(double[] classes, double[]? confidence) => DriftReference.Of(
        new Manifest
        {
            Name = "x",
            Version = "1.0.0",
            Release = 1,
            Task = ModelTask.Classify,
            Input = new InputSpec { Width = 1, Height = 1, Channels = 1 },
            Output = new OutputSpec { Family = OutputSpec.Classifier },
            Reference = new ReferenceHistogram { Classes = classes, Confidence = confidence, Samples = 100 },
        },
        classes.Length)!;

    private sealed class ManualTime : TimeProvider
    {
        private long _now = 1_000_000;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => _now;

        internal void Advance(double seconds) => _now += (long)(seconds * 1000);
    }
}
