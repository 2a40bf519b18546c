namespace Edge.Foundation.Tests;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Next_KnownSeed_GivesThePublishedNumbers()
    {
        var random = new SplitMix64(1234567);
        Assert.Equal(6457827717110365317UL, random.Next());
        Assert.Equal(3203168211198807973UL, random.Next());
        Assert.Equal(9817491932198370423UL, random.Next());
    }

    [Fact]
    public void Below_ManyDraws_AreInRangeAndEven()
    {
        var random = new SplitMix64(1);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++)
        {
            counts[random.Below(7)]++;
        }
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }
}
