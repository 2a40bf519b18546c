using Edge.Inference.Sensors;
using Edge.Packages;
using Edge.Testing;

namespace Edge.Inference.Tests.Sensors;

public sealed class ReadingWindowTests
{
    private static readonly SensorSpec Spec = new() { Columns = ["warmth", "light"], Window = 3, Mean = [20, 100], Std = [2, 50] };

    [Theory]
    [InlineData(1, "001111")]
    [InlineData(2, "001010")]
    [InlineData(3, "001001")]
    public void Add_Stride_WindowsAreDueAsTrainingCutsThem(int stride, string expected)
    {
        var window = new ReadingWindow(Spec, new WindowOptions { Stride = stride });
        Assert.Equal(expected, string.Concat(Enumerable.Range(0, 6).Select(i => window.Add(Second(i), [i, i]) ? '1' : '0')));
    }

    [Fact]
    public void CopyTo_AfterManyReadings_IsNormalisedAndOldestFirst()
    {
        var window = new ReadingWindow(Spec, new WindowOptions());
        for (int i = 0; i < 5; i++)
        {
            window.Add(Second(i), [20 + i, 100 + (50 * i)]);
        }
        float[] values = new float[6];
        window.CopyTo(values);
        Assert.Equal([1, 2, 1.5f, 3, 2, 4], values);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(-1)]
    public void Add_GapOrTimeThatGoesBack_BeginsAnew(int seconds)
    {
        var window = new ReadingWindow(Spec, new WindowOptions { MaximumGap = TimeSpan.FromSeconds(10) });
        long time = Second(100);
        Assert.False(window.Add(time, [1, 1]) | window.Add(time, [1, 1]));
        Assert.True(window.Add(time + Second(10), [1, 1]));
        time += Second(10 + seconds);
        Assert.False(window.Add(time, [1, 1]) | window.Add(time, [1, 1]));
        Assert.True(window.Add(time, [1, 1]));
        Assert.Equal(1, window.Cuts);
    }

    [Theory]
    [InlineData(MissingReading.ForwardFill, true, 0.5f)]
    [InlineData(MissingReading.Mean, true, 0f)]
    [InlineData(MissingReading.Drop, false, 0f)]
    public void Add_MissingValue_IsWhatThePolicySays(MissingReading policy, bool isDue, float expected)
    {
        var window = new ReadingWindow(Spec, new WindowOptions { Missing = policy });
        window.Add(0, [21, 100]);
        window.Add(0, [21, 100]);
        Assert.Equal(isDue, window.Add(0, [float.NaN, 100]));
        float[] values = new float[6];
        window.CopyTo(values);
        Assert.Equal(isDue ? expected : values[4], values[4]);
        Assert.Equal(isDue ? 0 : 1, window.Cuts);
    }

    [Fact]
    public void Add_StandInTooOld_CutsTheWindow()
    {
        var window = new ReadingWindow(Spec, new WindowOptions { MaximumAge = TimeSpan.FromSeconds(5) });
        window.Add(0, [1, 1]);
        window.Add(Second(4), [float.NaN, 1]);
        Assert.Equal(0, window.Cuts);
        Assert.False(window.Add(Second(6), [float.NaN, 1]));
        Assert.Equal(1, window.Cuts);
    }

    [Fact]
    public void Add_AfterWarmUp_AllocatesNothing()
    {
        var window = new ReadingWindow(Spec, new WindowOptions());
        float[] values = new float[6];
        float[] reading = [1, float.NaN];
        window.Add(0, [1, 1]);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                window.Add(i, reading);
                window.CopyTo(values);
            }
        }));
    }

    private static long Second(long seconds) => seconds * TimeSpan.TicksPerSecond;
}
