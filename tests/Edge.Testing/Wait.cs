using Xunit;

namespace Edge.Testing;

/// <summary>Waits for things that happen on other threads and in other processes.</summary>
public static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again and again until the answer is yes; fails the test after a deadline.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="patience">The deadline.</param>
    /// <param name="explain">What to say if it passes.</param>
    public static void Until(Func<bool> condition, TimeSpan patience, Func<string> explain)
    {
        using var never = new ManualResetEventSlim();
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < deadline, explain());
            never.Wait(TimeSpan.FromMilliseconds(5));
        }
    }

    /// <summary>Asks again and again until the answer is yes; fails the test after 20 seconds.</summary>
    /// <param name="condition">What to wait for.</param>
    /// <param name="what">What it is, for the failure.</param>
    public static void Until(Func<bool> condition, string what) => Until(condition, Patience, () => $"waited in vain for: {what}");
}
