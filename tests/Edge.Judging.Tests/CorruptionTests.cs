using Edge.Foundation;
using Edge.Judging.Corruptions;

namespace Edge.Judging.Tests;

public sealed class CorruptionTests
{
    private static readonly PictureSize Grey = new(1, 28, 28);
    private static readonly PictureSize Colour = new(3, 20, 34);

    public static TheoryData<string> Names => [.. Corruption.All.Select(corruption => corruption.Name)];

    [Fact]
    public void All_HasTheFiveKinds() =>
        Assert.Equal(["noise", "blur", "brightness", "jpeg", "pixelate"], Corruption.All.Select(corruption => corruption.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_AnyPicture_GivesWholeLevelsAndGrowsWithStrength(string name)
    {
        foreach (PictureSize size in new[] { Grey, Colour })
        {
            float[] clean = Picture(size);
            double[] distances = [.. Enumerable.Range(1, Corruption.Strengths).Select(strength => Distance(clean, Damaged(name, clean, size, strength)))];
            Assert.True(distances[0] > 0, "the weakest changes something");
            // Blocks of uneven size may hit edges by luck; the rise is clear all the same.
            Assert.All(distances.Zip(distances.Skip(1)), pair => Assert.True(pair.Second > 0.95 * pair.First, $"{name} on {size}: {string.Join(' ', distances)}"));
            Assert.True(distances[4] > 1.2 * distances[0]);
            Assert.All(Damaged(name, clean, size, 5), level => Assert.True(level is >= 0 and <= 255 && level == MathF.Round(level)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_SameSeed_GivesTheSamePicture(string name)
    {
        float[] clean = Picture(Grey);
        Assert.Equal(Damaged(name, clean, Grey, 3), Damaged(name, clean, Grey, 3));
        Assert.Equal(name != "noise", Damaged(name, clean, Grey, 3, seed: 8).SequenceEqual(Damaged(name, clean, Grey, 3, seed: 9)));
    }

    [Fact]
    public void Noise_GreyPicture_HasItsStandardDeviation()
    {
        var size = new PictureSize(1, 100, 100);
        float[] noisy = Damaged("noise", Enumerable.Repeat(128f, size.Length).ToArray(), size, 1);
        Assert.Equal(128, noisy.Average(), 1.0);
        Assert.Equal(0.08 * 255, Math.Sqrt(noisy.Average(level => (level - 128) * (level - 128))), 0.6);
    }

    [Fact]
    public void Blur_OnePoint_KeepsItsLightAndSymmetry()
    {
        float[] point = new float[Grey.Length];
        point[(14 * 28) + 14] = 255;
        float[] blurred = Damaged("blur", point, Grey, 5);
        Assert.Equal(255, blurred.Sum(), 12.0);
        Assert.Equal(blurred[(14 * 28) + 13], blurred[(13 * 28) + 14]);
        Assert.Equal(blurred[(14 * 28) + 13], blurred[(14 * 28) + 15]);
    }

    [Fact]
    public void Blur_EvenPicture_StaysAsItIs()
    {
        float[] even = [.. Enumerable.Repeat(77f, Colour.Length)];
        Assert.Equal(even, Damaged("blur", even, Colour, 5));
        Assert.Equal(even, Damaged("pixelate", even, Colour, 5));
    }

    [Fact]
    public void Brightness_Strength_IsATenthOfTheRange()
    {
        float[] dark = [.. Enumerable.Repeat(10f, Grey.Length)];
        Assert.All(Damaged("brightness", dark, Grey, 2), level => Assert.Equal(61, level));
        Assert.All(Damaged("brightness", [.. Enumerable.Repeat(250f, Grey.Length)], Grey, 2), level => Assert.Equal(255, level));
    }

    [Fact]
    public void Pixelate_Quarter_HasSevenBySevenLevels()
    {
        float[] coarse = Damaged("pixelate", Picture(Grey), Grey, 5);
        for (int place = 0; place < coarse.Length; place++)
        {
            Assert.Equal(coarse[(place / 28 / 4 * 4 * 28) + (place % 28 / 4 * 4)], coarse[place]);
        }
    }

    [Fact]
    public void Apply_WrongStrengthOrSize_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Damaged("blur", Picture(Grey), Grey, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => Damaged("blur", Picture(Grey), Grey, 0));
        Assert.Throws<ArgumentException>(() => Damaged("blur", Picture(Grey), Colour, 1));
    }

    private static float[] Damaged(string name, float[] clean, PictureSize size, int strength, ulong seed = 4)
    {
        float[] copy = [.. clean];
        Corruption.All.Single(corruption => corruption.Name == name).Apply(copy, size, strength, seed);
        return copy;
    }

    // A disc on a slope with a little grain: edges, areas and texture.
    private static float[] Picture(PictureSize size)
    {
        var random = new SplitMix64(5);
        float[] levels = new float[size.Length];
        for (int place = 0; place < levels.Length; place++)
        {
            (int y, int x) = (place % size.Plane / size.Width, place % size.Width);
            double fromCentre = Math.Sqrt(Math.Pow(y - (size.Height / 2.0), 2) + Math.Pow(x - (size.Width / 2.0), 2));
            levels[place] = (fromCentre < size.Height / 3.0 ? 120 : 20) + (2 * x) + random.Below(12) + (5 * (place / size.Plane));
        }
        return levels;
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Average());
}
