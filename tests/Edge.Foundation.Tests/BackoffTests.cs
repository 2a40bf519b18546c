namespace Edge.Foundation.Tests;

public sealed class BackoffTests
{
    [Fact]
    public void Next_ManyFailures_DoublesWithinTheUpperHalfUpToTheMaximum()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(7));
        double[] caps = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        foreach (double cap in caps)
        {
            Assert.InRange(backoff.Next().TotalSeconds, cap / 2, cap);
        }
    }

    [Fact]
    public void Next_ManyThousandFailures_StaysAtTheMaximum()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2), new Random(7));
        for (int i = 0; i < 10_000; i++)
        {
            Assert.InRange(backoff.Next().TotalSeconds, 0, 2);
        }
    }

    [Fact]
    public void Reset_AfterFailures_StartsFromTheMinimum()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(7));
        _ = backoff.Next();
        _ = backoff.Next();
        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Next_TwoDevices_DoNotReturnTogether()
    {
        var one = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(1));
        var two = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60), new Random(2));
        Assert.NotEqual(one.Next(), two.Next());
    }
}
