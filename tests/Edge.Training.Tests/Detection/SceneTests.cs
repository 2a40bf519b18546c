using System.Text.Json;
using Edge.Testing;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training.Tests.Detection;

public sealed class SceneTests
{
    private const int Classes = 2;

    [Fact]
    public void Make_SameNumber_GivesTheSameScene()
    {
        var maker = new SceneMaker(Items(), new SceneOptions { Size = 96 });
        Scene one = maker.Make(3), other = maker.Make(3);
        Assert.Equal(one.Pixels, other.Pixels);
        Assert.Equal(one.Boxes, other.Boxes);
        Assert.NotEqual(one.Pixels, maker.Make(4).Pixels);
        Assert.NotEqual(one.Pixels, new SceneMaker(Items(), new SceneOptions { Size = 96, Seed = 2 }).Make(3).Pixels);
    }

    [Fact]
    public void Make_ManyScenes_HoldsEveryPromise()
    {
        var options = new SceneOptions { Size = 128, LeastItems = 1, MostItems = 6, MostHidden = 0.4 };
        var maker = new SceneMaker(Items(), options);
        var classes = new HashSet<int>();
        for (int number = 0; number < 60; number++)
        {
            Scene scene = maker.Make(number);
            Assert.Equal(128 * 128 * 3, scene.Pixels.Length);
            Assert.InRange(scene.Boxes.Count, 1, options.MostItems);
            foreach (TrueBox box in scene.Boxes)
            {
                Assert.True(box.Box is { X: >= 0, Y: >= 0, Width: > 0, Height: > 0 } && box.Box.X + box.Box.Width <= 128 && box.Box.Y + box.Box.Height <= 128, $"{box}");
                // The items are full squares: what is seen is what others did not hide; a turned square fills half of its box.
                Assert.InRange(box.Area, 0.25 * (1 - options.MostHidden) * box.Box.Area, box.Box.Area);
                classes.Add(box.Class);
            }
        }
        Assert.Equal(Classes, classes.Count);
    }

    [Fact]
    public void Make_PlainItem_LiesExactlyInItsBox()
    {
        var options = new SceneOptions { Size = 96, LeastItems = 1, MostItems = 1, Degrees = 0, MostClutter = 0, MostNoise = 0 };
        for (int number = 0; number < 20; number++)
        {
            Scene scene = new SceneMaker(Items(), options).Make(number);
            PixelBox box = Assert.Single(scene.Boxes).Box;
            // The ground is darker than 130 × 1.15, a lit item in the middle brighter than 150 × 0.75 × …: compare with the outside.
            int inside = Level(scene, (int)(box.X + (box.Width / 2)), (int)(box.Y + (box.Height / 2)));
            int left = (int)box.X - 3;
            int outside = left >= 0 ? Level(scene, left, (int)(box.Y + (box.Height / 2))) : 0;
            Assert.True(inside > outside, $"scene {number}: {inside} inside, {outside} beside {box}");
        }
    }

    [Fact]
    public void Write_Part_IsReadAsCoco()
    {
        using var folder = new TemporaryFolder();
        int count = SceneWriter.Write(folder.Path, "train", new SceneMaker(Items(), new SceneOptions { Size = 64 }), 5, ["square", "disc"], isPng: true, TestContext.Current.CancellationToken);
        DetectionDataset data = DetectionDataset.Load(Path.Combine(folder.Path, "train.json"));
        Assert.Equal(["square", "disc"], data.ClassNames);
        Assert.Equal(5, data.Images.Count);
        Assert.Equal(count, data.Images.Sum(image => image.Boxes.Count));
        Assert.Equal(0, LabelCheck.Run(Path.Combine(folder.Path, "train.json"), cancellation: TestContext.Current.CancellationToken).Count);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.Path, "train.json")));
        Assert.Equal("train/000000.png", json.RootElement.GetProperty("images")[0].GetProperty("file_name").GetString());
    }

    [Theory]
    [InlineData(16, 8)]
    [InlineData(160, 1000)]
    public void Validate_Nonsense_IsRefused(int size, int most) =>
        Assert.Throws<DataException>(() => new SceneOptions { Size = size, MostItems = most }.Validate());

    private static int Level(Scene scene, int x, int y) => scene.Pixels.AsSpan(((y * scene.Size) + x) * 3, 3).ToArray().Sum(level => level);

    // Full squares and discs of 28×28.
    private static ImageDataset Items()
    {
        byte[] pixels = new byte[2 * 28 * 28];
        for (int i = 0; i < 28 * 28; i++)
        {
            (int y, int x) = Math.DivRem(i, 28);
            pixels[i] = 255;
            pixels[(28 * 28) + i] = (byte)(((x - 13.5) * (x - 13.5)) + ((y - 13.5) * (y - 13.5)) < 196 ? 255 : 0);
        }
        return new ImageDataset("shapes", pixels, new byte[] { 0, 1 }, 1, 28, 28, ["square", "disc"]);
    }
}
