using Edge.Imaging;
using Edge.Testing;
using Edge.Training.Data;

namespace Edge.Training.Tests.Detection;

public sealed class LabelCheckTests
{
    [Fact]
    public void Run_EverySortOfProblem_IsFoundOnce()
    {
        using var folder = new TemporaryFolder();
        Picture(folder, "a.png", 100, 50);
        Picture(folder, "b.png", 64, 64);
        File.WriteAllText(Path.Combine(folder.Path, "c.png"), "no picture");
        LabelReport report = Run(folder, """
            {"images": [{"id": 1, "file_name": "a.png", "width": 100, "height": 50}, {"id": 2, "file_name": "b.png", "width": 60, "height": 64},
                        {"id": 3, "file_name": "c.png"}, {"id": 4, "file_name": "d.png"}, {"id": 4, "file_name": "e.png"}, {"id": 5, "file_name": "../f.png"}],
             "categories": [{"id": 1, "name": "x"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20]},
                             {"id": 2, "image_id": 1, "category_id": 1, "bbox": [10, 10, 20, 20.2]},
                             {"id": 3, "image_id": 1, "category_id": 1, "bbox": [90, 10, 20, 20]},
                             {"id": 4, "image_id": 1, "category_id": 1, "bbox": [5, 5, 0, 9]},
                             {"id": 5, "image_id": 1, "category_id": 1, "bbox": [5, 5, 80, 1]},
                             {"id": 6, "image_id": 1, "category_id": 9, "bbox": [50, 30, 9, 9]},
                             {"id": 6, "image_id": 2, "category_id": 1, "bbox": [1, 1, 5, 5]},
                             {"id": 7, "image_id": 77, "category_id": 1, "bbox": [1, 1, 5, 5]},
                             {"id": 8, "image_id": 2, "category_id": 1, "bbox": [1, 1, 5]}]}
            """);
        Assert.Equal(
            new Dictionary<LabelProblemKind, long>
            {
                [LabelProblemKind.Outside] = 1,
                [LabelProblemKind.Empty] = 1,
                [LabelProblemKind.Aspect] = 1,
                [LabelProblemKind.DuplicateBox] = 1,
                [LabelProblemKind.UnknownClass] = 1,
                [LabelProblemKind.UnknownPicture] = 1,
                [LabelProblemKind.DuplicateId] = 2,
                [LabelProblemKind.MissingPicture] = 1,
                [LabelProblemKind.DamagedPicture] = 1,
                [LabelProblemKind.WrongSize] = 1,
                [LabelProblemKind.Malformed] = 2,
            },
            report.Counts);
        Assert.Contains(report.Problems, problem => problem is { Kind: LabelProblemKind.Outside, Where: "a.png" } && problem.Detail.Contains("[90, 10, 20, 20] reaches out of the picture of 100×50", StringComparison.Ordinal));
        Assert.All(report.Problems, problem => Assert.DoesNotContain('\n', problem.Detail));
    }

    [Fact]
    public void Run_MoreProblemsThanAreListed_CountsThemAll()
    {
        using var folder = new TemporaryFolder();
        string boxes = string.Join(',', Enumerable.Range(0, 500).Select(i => $"{{\"id\": {i}, \"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 0, 0]}}"));
        File.WriteAllText(Path.Combine(folder.Path, "set.json"), $"{{\"images\": [{{\"id\": 1, \"file_name\": \"a.png\"}}], \"categories\": [{{\"id\": 1, \"name\": \"x\"}}], \"annotations\": [{boxes}]}}");
        LabelReport report = LabelCheck.Run(Path.Combine(folder.Path, "set.json"), readsPictures: false, most: 10, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((500, 10, 500), (report.Count, report.Problems.Count, report.Boxes));
    }

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "has no list 'categories'")]
    [InlineData("{\"images\": 3, \"categories\": [], \"annotations\": []}", "has no list 'images'")]
    public void Run_NoAnnotationsAtAll_IsRefusedInOneLine(string json, string says)
    {
        using var folder = new TemporaryFolder();
        DataException e = Assert.Throws<DataException>(() => Run(folder, json));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("{\"images\": [1, \"x\", null], \"categories\": [[]], \"annotations\": [{}]}", 5)]
    [InlineData("{\"images\": [{\"id\": 1e300}], \"categories\": [{\"id\": \"1\"}], \"annotations\": [{\"id\": 1.5, \"image_id\": 1, \"category_id\": 1}]}", 5)]
    public void Run_HostileEntries_AreProblemsAndNoException(string json, int problems)
    {
        using var folder = new TemporaryFolder();
        Assert.InRange(Run(folder, json).Count, 1, problems + 1);
    }

    [Fact]
    public void Run_YoloFolder_ChecksItsBoxes()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "images"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "labels"));
        Picture(folder, "images/a.png", 100, 100);
        File.WriteAllText(Path.Combine(folder.Path, "labels/a.txt"), "0 0.5 0.5 0.2 0.2\n0 0.95 0.5 0.3 0.2\n");
        LabelReport report = LabelCheck.Run(folder.Path, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((1, 2), (report.Pictures, report.Boxes));
        Assert.Equal(LabelProblemKind.Outside, Assert.Single(report.Problems).Kind);
    }

    private static LabelReport Run(TemporaryFolder folder, string json)
    {
        string path = Path.Combine(folder.Path, "set.json");
        File.WriteAllText(path, json);
        return LabelCheck.Run(path, cancellation: TestContext.Current.CancellationToken);
    }

    private static void Picture(TemporaryFolder folder, string name, int width, int height)
    {
        using var pixels = new PixelBuffer();
        using var encoder = new ImageEncoder();
        pixels.Resize(width, height, PixelFormat.Grey8);
        pixels.Pixels.Fill(100);
        File.WriteAllBytes(Path.Combine(folder.Path, name), encoder.EncodePng(pixels).ToArray());
    }
}
