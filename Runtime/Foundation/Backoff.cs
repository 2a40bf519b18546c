namespace Edge.Foundation;

/// <summary>
/// Exponential back-off with jitter: the n-th delay is drawn evenly from the upper half of
/// minimum × 2ⁿ, capped at the maximum, so that devices which lost their broker together do not return together.
/// One thread at a time.
/// </summary>
/// <param name="minimum">The cap of the first delay.</param>
/// <param name="maximum">The cap of every delay.</param>
/// <param name="random">The source of the jitter.</param>
public sealed class Backoff(TimeSpan minimum, TimeSpan maximum, Random random)
{
    private int _failures;

    /// <summary>The delay before the next attempt.</summary>
    public TimeSpan Next()
    {
        double cap = Math.Min(maximum.TotalMilliseconds, minimum.TotalMilliseconds * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, 32);
        return TimeSpan.FromMilliseconds(cap * (0.5 + (0.5 * random.NextDouble())));
    }

    /// <summary>An attempt was good: the next delay is the first again.</summary>
    public void Reset() => _failures = 0;
}
