namespace Edge.Foundation;

/// <summary>
/// Random numbers that are the same on every machine and in every version: SplitMix64 (Steele, Lea, Flood,
/// "Fast splittable pseudorandom number generators", 2014).
/// </summary>
/// <param name="seed">Where the sequence begins.</param>
public struct SplitMix64(ulong seed)
{
    private const ulong Increment = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>One well mixed number from two: seeds that are near each other give sequences that are not.</summary>
    /// <param name="seed">The first number.</param>
    /// <param name="index">The second, such as a step or an epoch.</param>
    public static ulong Mix(ulong seed, ulong index)
    {
        var inner = new SplitMix64(seed);
        var outer = new SplitMix64(inner.Next() + (index * Increment));
        return outer.Next();
    }

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += Increment;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The next number from 0 up to, not including, 1; a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The next number from 0 up to, not including, a limit.</summary>
    /// <param name="limit">1 or more.</param>
    public int Below(int limit) => (int)Math.BigMul(Next(), (ulong)limit, out _);

    /// <summary>Puts the elements in random order (Fisher and Yates).</summary>
    /// <param name="items">The elements.</param>
    public void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int k = Below(i + 1);
            (items[i], items[k]) = (items[k], items[i]);
        }
    }
}
