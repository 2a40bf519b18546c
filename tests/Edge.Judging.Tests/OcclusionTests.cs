using Edge.Judging.Explaining;

namespace Edge.Judging.Tests;

public sealed class OcclusionTests
{
    private static readonly PictureSize Size = new(1, 9, 11);

    [Fact]
    public void Map_ModelThatLooksAtOnePixel_FindsIt()
    {
        float[] picture = [.. Enumerable.Repeat(100f, Size.Length)];
        int asked = 0;
        HeatMap map = Occlusion.Map(picture, Size, window: 1, stride: 1, fill: 0, (pictures, count) =>
        {
            asked += count;
            return [.. Enumerable.Range(0, count).Select(i => pictures[(i * Size.Length) + (4 * 11) + 7])];
        }, batch: 10);
        Assert.Equal((4, 7), map.Peak);
        Assert.Equal(100, map.Values[(4 * 11) + 7]);
        Assert.Equal(1, map.Values.Count(value => value != 0));
        Assert.Equal(1 + Size.Length, asked);
    }

    [Fact]
    public void Map_WindowsThatDoNotDivideTheSide_CoverEveryPlace()
    {
        HeatMap map = Occlusion.Map(new float[Size.Length], Size, window: 4, stride: 3, fill: 1, (pictures, count) =>
            [.. Enumerable.Range(0, count).Select(i => -pictures.AsSpan(i * Size.Length, Size.Length).ToArray().Sum())]);
        // Every window is whole, so each takes 16 from the score, wherever it lies.
        Assert.All(map.Values, value => Assert.Equal(16, value));
    }

    [Fact]
    public void Map_WindowLargerThanThePicture_CoversAll()
    {
        HeatMap map = Occlusion.Map(new float[Size.Length], Size, window: 50, stride: 50, fill: 1, (pictures, count) =>
            [.. Enumerable.Range(0, count).Select(i => -pictures.AsSpan(i * Size.Length, Size.Length).ToArray().Sum())]);
        Assert.All(map.Values, value => Assert.Equal(Size.Length, value));
    }

    [Fact]
    public void At_BetweenCells_Interpolates()
    {
        var map = new HeatMap([0, 4, 8, 12], 2, 2);
        Assert.Equal([0f, 2f, 4f], [map.At(0, 0.25), map.At(0.25, 0.5), map.At(0.25, 0.75)]);
        Assert.Equal(6f, map.At(0.5, 0.5));
        Assert.Equal(12f, map.At(1, 1));
    }
}
