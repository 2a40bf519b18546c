namespace Edge.Packages.Tests;

public sealed class ChunkerTests
{
    private const int Max = PackageChunk.MaxLength;

    [Fact]
    public void Cut_Empty_GivesNoChunk() => Assert.Empty(Chunker.Cut([], [0, 5]));

    [Fact]
    public void Cut_NoOffsets_CutsAtTheLimit() => Assert.Equal([Max, Max, 10], Lengths(2 * Max + 10));

    [Fact]
    public void Cut_SmallNeighbours_AreMergedUpToTheLimit() =>
        Assert.Equal([60_000, 40_000], Lengths(100_000, 20_000, 40_000, 60_000, 80_000));

    [Fact]
    public void Cut_LargeTensor_SharesNoChunkWithItsNeighbours() =>
        Assert.Equal([1000, Max, 5, 2000], Lengths(1000 + Max + 5 + 2000, 1000, 1000 + Max + 5));

    [Fact]
    public void Cut_OffsetsOutsideOrTwice_AreWithoutEffect() =>
        Assert.Equal([Max, 5, 7], Lengths(Max + 12, -4, Max + 5, Max + 5, 0, Max + 12, Max + 13, long.MaxValue));

    [Fact]
    public void Cut_OneTensorChanged_ChangesOnlyItsChunks()
    {
        byte[] bytes = new byte[500_000];
        new Random(3).NextBytes(bytes);
        long[] cuts = [100, 200_000, 200_400, 300_000];
        PackageChunk[] before = Chunker.Cut(bytes, cuts);
        // The tensor between 200,400 and 300,000 grows by 13 bytes.
        byte[] grown = [.. bytes[..200_400], .. new byte[99_613], .. bytes[300_000..]];
        PackageChunk[] after = Chunker.Cut(grown, [100, 200_000, 200_400, 300_013]);
        var known = before.Select(c => c.Sha256).ToHashSet();
        Assert.Equal(99_613, after.Where(c => !known.Contains(c.Sha256)).Sum(c => c.Length));
    }

    [Fact]
    public void Cut_RandomOffsets_CoversTheFileWithinTheLimit()
    {
        var random = new Random(11);
        for (int round = 0; round < 200; round++)
        {
            byte[] bytes = new byte[random.Next(400_000)];
            long[] cuts = [.. Enumerable.Range(0, random.Next(20)).Select(_ => random.NextInt64(-10, bytes.Length + 10))];
            PackageChunk[] chunks = Chunker.Cut(bytes, cuts);
            Assert.Equal(bytes.Length, chunks.Sum(c => c.Length));
            Assert.All(chunks, c => Assert.InRange(c.Length, 1, Max));
        }
    }

    private static int[] Lengths(int length, params long[] cuts) => [.. Chunker.Cut(new byte[length], cuts).Select(c => c.Length)];
}
