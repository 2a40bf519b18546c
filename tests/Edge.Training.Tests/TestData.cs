using Edge.Packages;
using Edge.Training.Data;

namespace Edge.Training.Tests;

/// <summary>Small images that a net can learn: class k is a bright bar in column block k, on noise.</summary>
internal static class TestData
{
    public const int Size = 12;
    public const int Classes = 3;

    /// <summary>As a model takes them: from 0 to 1.</summary>
    public static Dataset Bars(int count, int seed = 5) => Pictures(count, seed).Prepare(Normalization.Unit(1));

    public static ImageDataset Pictures(int count, int seed = 5)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[count * Size * Size];
        byte[] labels = new byte[count];
        random.NextBytes(pixels);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)random.Next(Classes);
            for (int p = 0; p < Size * Size; p++)
            {
                bool isBar = p % Size / (Size / Classes) == labels[i];
                pixels[(i * Size * Size) + p] = (byte)((pixels[(i * Size * Size) + p] / 4) + (isBar ? 120 : 0));
            }
        }
        return new ImageDataset("bars", pixels, labels, 1, Size, Size, ["left", "middle", "right"]);
    }
}
