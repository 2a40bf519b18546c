using Edge.Foundation;
using Edge.Imaging;
using Edge.Testing;
using Edge.Training.Data;
using Edge.Training.Metrics;

namespace Edge.Training.Tests.Detection;

public sealed class DetectionDatasetTests
{
    private const string Coco = """
        {"images": [{"id": 7, "file_name": "b.jpg", "width": 640, "height": 480}, {"id": 3, "file_name": "a.jpg", "width": 100, "height": 50}],
         "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}],
         "annotations": [{"image_id": 7, "category_id": 18, "bbox": [10, 20.5, 30, 40], "area": 700, "iscrowd": 0},
                         {"image_id": 7, "category_id": 1, "bbox": [0, 0, 640, 480], "iscrowd": 1}]}
        """;

    [Fact]
    public void Load_Coco_MapsCategoriesToClasses()
    {
        using var folder = new TemporaryFolder();
        DetectionDataset set = DetectionDataset.Load(Write(folder, "set.json", Coco));
        Assert.Equal(["person", "dog"], set.ClassNames);
        Assert.Equal(["a.jpg", "b.jpg"], set.Images.Select(i => Path.GetFileName(i.Path)));
        Assert.Equal((640, 480), (set.Images[1].Width, set.Images[1].Height));
        Assert.Equal(
            [new TrueBox(new PixelBox(10, 20.5, 30, 40), 1, 700), new TrueBox(new PixelBox(0, 0, 640, 480), 0, 640 * 480, true)], set.Images[1].Boxes);
    }

    [Theory]
    [InlineData("{\"images\": [", "is no JSON")]
    [InlineData("{\"annotations\": [], \"categories\": []}", "has no list 'images'")]
    [InlineData("[]", "has no list")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"../../etc/passwd\"}], \"annotations\": [], \"categories\": []}", "outside the folder")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"/etc/passwd\"}], \"annotations\": [], \"categories\": []}", "outside the folder")]
    [InlineData("{\"images\": [], \"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0,0,1,1]}], \"categories\": []}", "not listed")]
    [InlineData("{\"images\": [{\"id\": \"x\"}], \"annotations\": [], \"categories\": []}", "'id'")]
    [InlineData("{\"images\": [{\"id\": 1, \"file_name\": \"a\"}, {\"id\": 1, \"file_name\": \"b\"}], \"annotations\": [], \"categories\": []}", "two images")]
    public void Load_CocoThatIsWrong_SaysWhatInOneLine(string json, string says)
    {
        using var folder = new TemporaryFolder();
        DataException e = Assert.Throws<DataException>(() => DetectionDataset.Load(Write(folder, "set.json", json)));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Load_Voc_TurnsPixelNumbersIntoEdges()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "Annotations"));
        Write(folder, "Annotations/one.xml", """
            <annotation><filename>one.jpg</filename><size><width>500</width><height>375</height><depth>3</depth></size>
            <object><name>dog</name><difficult>0</difficult><bndbox><xmin>1</xmin><ymin>11</ymin><xmax>100</xmax><ymax>60</ymax></bndbox></object>
            <object><name>cat</name><difficult>1</difficult><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object></annotation>
            """);
        DetectionDataset set = DetectionDataset.Load(folder.Path);
        Assert.Equal(["cat", "dog"], set.ClassNames);
        Assert.Equal((500, 375), (set.Images[0].Width, set.Images[0].Height));
        Assert.Equal([new TrueBox(new PixelBox(0, 10, 100, 50), 1, 5000), new TrueBox(new PixelBox(4, 4, 1, 1), 0, 1, true)], set.Images[0].Boxes);
    }

    [Theory]
    [InlineData("<annotation>", "is no XML")]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><annotation>&x;</annotation>", "is no XML")]
    [InlineData("<other/>", "<annotation>")]
    [InlineData("<annotation><object><name>a</name></object></annotation>", "<bndbox>")]
    [InlineData("<annotation><object><name>a</name><bndbox><xmin>x</xmin></bndbox></object></annotation>", "<xmin>")]
    public void Load_VocThatIsWrong_SaysWhatInOneLine(string xml, string says)
    {
        using var folder = new TemporaryFolder();
        Write(folder, "one.xml", xml);
        DataException e = Assert.Throws<DataException>(() => DetectionDataset.Load(folder.Path));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Theory]
    [InlineData("names: [person, dog]\nnc: 2")]
    [InlineData("names:\n  0: person\n  1: dog\n")]
    [InlineData("train: x\nnames:\n  - person\n  - dog\n")]
    public void Load_Yolo_TurnsSharesIntoPixels(string yaml)
    {
        using var folder = new TemporaryFolder();
        Picture(folder, "images/a.png", 200, 100);
        Picture(folder, "images/b.png", 20, 10);
        Write(folder, "labels/a.txt", "1 0.5 0.5 0.25 0.5\n\n0 0.1 0.2 0.1 0.2\n");
        Write(folder, "data.yaml", yaml);
        DetectionDataset set = DetectionDataset.Load(folder.Path);
        Assert.Equal(["person", "dog"], set.ClassNames);
        Assert.Equal(new TrueBox(new PixelBox(75, 25, 50, 50), 1, 2500), set.Images[0].Boxes[0]);
        Assert.Equal((2, 0), (set.Images[0].Boxes.Count, set.Images[1].Boxes.Count));
    }

    [Theory]
    [InlineData("1 0.5 0.5 0.25", "a.txt:1: is not")]
    [InlineData("0 0.5 0.5 0.25 0.5\nx 0.5 0.5 0.25 0.5", "a.txt:2: is not")]
    [InlineData("0 NaN 0.5 0.25 0.5", "a.txt:1: is not")]
    [InlineData("9 0.5 0.5 0.25 0.5", "a.txt:1: names the class 9")]
    public void Load_YoloThatIsWrong_SaysWhere(string labels, string says)
    {
        using var folder = new TemporaryFolder();
        Picture(folder, "a.png", 20, 10);
        Write(folder, "a.txt", labels);
        Write(folder, "classes.txt", "person\ndog\n");
        Assert.Contains(says, Assert.Throws<DataException>(() => DetectionDataset.Load(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AnyBytes_AreReadOrRefused()
    {
        using var folder = new TemporaryFolder();
        var random = new SplitMix64(3);
        for (int round = 0; round < 2000; round++)
        {
            char[] text = Coco.ToCharArray();
            for (int i = 0; i <= random.Below(6); i++)
            {
                text[random.Below(text.Length)] = "{}[]\",:-0e9x "[random.Below(13)];
            }
            string path = Write(folder, "set.json", new string(text));
            Exception? e = Record.Exception(() => DetectionDataset.Load(path));
            Assert.True(e is null or DataException, $"round {round}: {e}");
        }
    }

    private static void Picture(TemporaryFolder folder, string name, int width, int height)
    {
        using var pixels = new PixelBuffer();
        pixels.Resize(width, height, PixelFormat.Rgb24);
        using var encoder = new ImageEncoder();
        string path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, encoder.EncodePng(pixels).ToArray());
    }

    private static string Write(TemporaryFolder folder, string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
