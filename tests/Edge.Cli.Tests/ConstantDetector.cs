using Edge.Graph;
using Edge.Testing;

namespace Edge.Cli.Tests;

/// <summary>
/// A detector laid out as YOLOX's that finds the same two boxes in every picture of 64×64, and pictures annotated in three formats, so
/// that what judging must come to is known by hand.
/// </summary>
internal static class ConstantDetector
{
    internal const int Side = 64;
    private const int Cells = 84;
    private const int Width = 7;

    /// <summary>Class 0 at (8, 8)–(24, 24) with the score 0.9, class 1 at (40, 40)–(56, 56) with 0.6.</summary>
    internal static string Write(TemporaryFolder folder)
    {
        float[] rows = new float[Cells * Width];
        Put(rows, 16, 16, 0, 0.9f);
        Put(rows, 48, 48, 1, 0.6f);
        var graph = new OnnxGraph("constant");
        Value input = graph.AddInput("x", ElementType.Float, TensorShape.Of(1, 3, Side, Side));
        // The engine wants its input read.
        Value mean = graph.AddNode("ReduceMean", [input], ["mean"]).Outputs[0]!;
        mean.Producer!.Attributes.Set("keepdims", 0L);
        Value nothing = graph.AddNode("Mul", [mean, graph.AddInitializer("zero", OnnxTensor.Scalar(0f))], ["nothing"]).Outputs[0]!;
        Value boxes = graph.AddNode("Add", [graph.AddInitializer("rows", OnnxTensor.From<float>(rows, 1, Cells, Width)), nothing], ["boxes"]).Outputs[0]!;
        boxes.Type = new TensorType(ElementType.Float, TensorShape.Of(1, Cells, Width));
        graph.AddOutput(boxes);
        new OnnxModel(graph).Save(folder["constant.onnx"]);
        File.WriteAllLines(folder["labels.txt"], ["cat", "dog"]);
        return folder["constant.onnx"];
    }

    /// <summary>
    /// Two pictures. In both a cat 3 pixels beside the box (overlap 0.684) and a dog exactly where it is; in the second a dog more,
    /// which nobody finds.
    /// </summary>
    internal static string Annotate(TemporaryFolder folder, string format)
    {
        string root = folder[format];
        foreach (string inner in format switch { "coco" => (string[])["."], "yolo" => ["images", "labels"], _ => ["JPEGImages", "Annotations"] })
        {
            Directory.CreateDirectory(Path.Combine(root, inner));
        }
        (string Class, int X, int Y, int Side)[][] truth = [[("cat", 11, 8, 16), ("dog", 40, 40, 16)], [("cat", 11, 8, 16), ("dog", 40, 40, 16), ("dog", 4, 40, 12)]];
        for (int i = 0; i < truth.Length; i++)
        {
            string picture = Path.Combine(root, format switch { "coco" => "", "yolo" => "images", _ => "JPEGImages" }, $"{i}.png");
            File.WriteAllBytes(picture, Pictures.Grey(Side, Side));
            if (format == "yolo")
            {
                File.WriteAllLines(Path.Combine(root, "labels", $"{i}.txt"), truth[i].Select(box => FormattableString.Invariant(
                    $"{(box.Class == "cat" ? 0 : 1)} {(box.X + (box.Side / 2.0)) / Side} {(box.Y + (box.Side / 2.0)) / Side} {(double)box.Side / Side} {(double)box.Side / Side}")));
                File.WriteAllLines(Path.Combine(root, "classes.txt"), ["cat", "dog"]);
            }
            else if (format == "voc")
            {
                string objects = string.Concat(truth[i].Select(box => $"<object><name>{box.Class}</name><bndbox><xmin>{box.X + 1}</xmin><ymin>{box.Y + 1}</ymin><xmax>{box.X + box.Side}</xmax><ymax>{box.Y + box.Side}</ymax></bndbox></object>"));
                File.WriteAllText(Path.Combine(root, "Annotations", $"{i}.xml"), $"<annotation><filename>{i}.png</filename><size><width>{Side}</width><height>{Side}</height><depth>3</depth></size>{objects}</annotation>");
            }
        }
        if (format != "coco")
        {
            return root;
        }
        string images = string.Join(',', truth.Select((_, i) => $$"""{"id":{{i}},"file_name":"{{i}}.png","width":{{Side}},"height":{{Side}}}"""));
        string annotations = string.Join(',', truth.SelectMany((boxes, i) => boxes.Select(box => (box, i))).Select((item, id) =>
            $$"""{"id":{{id + 1}},"image_id":{{item.i}},"category_id":{{(item.box.Class == "cat" ? 1 : 2)}},"bbox":[{{item.box.X}},{{item.box.Y}},{{item.box.Side}},{{item.box.Side}}],"area":{{item.box.Side * item.box.Side}},"iscrowd":0}"""));
        string path = Path.Combine(root, "boxes.json");
        File.WriteAllText(path, $$"""{"images":[{{images}}],"annotations":[{{annotations}}],"categories":[{"id":1,"name":"cat"},{"id":2,"name":"dog"}]}""");
        return path;
    }

    private static void Put(float[] rows, int x, int y, int number, float score)
    {
        int column = x / 8, row = y / 8;
        Span<float> cell = rows.AsSpan(((row * (Side / 8)) + column) * Width, Width);
        (cell[0], cell[1], cell[2], cell[3], cell[4]) = ((x / 8f) - column, (y / 8f) - row, MathF.Log(2), MathF.Log(2), 1);
        cell[5 + number] = score;
    }
}
