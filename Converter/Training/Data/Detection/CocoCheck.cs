using System.Globalization;
using System.Text.Json;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>Reads COCO annotations whatever is wrong with single entries, and tells what is.</summary>
internal static class CocoCheck
{
    public static IReadOnlyList<AnnotatedImage> Read(string path, string? images, LabelReport report)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(DetectionDataset.Read(path, DetectionDataset.MaximumBytes), new JsonDocumentOptions { MaxDepth = 32 });
            return Read(document.RootElement, path, images ?? Path.GetDirectoryName(Path.GetFullPath(path))!, report);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: is no JSON (line {e.LineNumber + 1}); a COCO annotation file holds 'images', 'annotations' and 'categories'", e);
        }
    }

    private static List<AnnotatedImage> Read(JsonElement root, string path, string folder, LabelReport report)
    {
        var classes = new Dictionary<long, int>();
        foreach ((JsonElement category, string where) in Items(root, "categories", path, report))
        {
            if (Id(category, "id", where, report) is { } id && !classes.TryAdd(id, classes.Count))
            {
                report.Add(LabelProblemKind.DuplicateId, where, $"the category id {id} is given twice");
            }
        }
        report.Classes = classes.Count;
        var places = new Dictionary<long, int>();
        var pictures = new List<(string File, int Width, int Height, List<TrueBox> Boxes)>();
        foreach ((JsonElement image, string where) in Items(root, "images", path, report))
        {
            if (Id(image, "id", where, report) is not { } id)
            {
                continue;
            }
            if (!places.TryAdd(id, pictures.Count))
            {
                report.Add(LabelProblemKind.DuplicateId, where, $"the picture id {id} is given twice");
                continue;
            }
            string file = image.TryGetProperty("file_name", out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "";
            bool isInside = file.Length > 0 && !file.Contains('\0', StringComparison.Ordinal) && !Path.IsPathRooted(file) && !Path.GetRelativePath(folder, Path.Combine(folder, file)).StartsWith("..", StringComparison.Ordinal);
            if (!isInside)
            {
                report.Add(LabelProblemKind.Malformed, where, file.Length == 0 ? "has no file_name" : "names a file outside the folder");
            }
            pictures.Add((isInside ? Path.Combine(folder, file) : "", Size(image, "width"), Size(image, "height"), []));
        }
        var ids = new HashSet<long>();
        foreach ((JsonElement annotation, string where) in Items(root, "annotations", path, report))
        {
            if (annotation.TryGetProperty("id", out _) && Id(annotation, "id", where, report) is { } id && !ids.Add(id))
            {
                report.Add(LabelProblemKind.DuplicateId, where, $"the annotation id {id} is given twice");
            }
            if (Id(annotation, "image_id", where, report) is not { } image || Id(annotation, "category_id", where, report) is not { } category)
            {
                continue;
            }
            if (!classes.TryGetValue(category, out int number))
            {
                report.Add(LabelProblemKind.UnknownClass, where, $"the category {category} is not listed");
            }
            if (!places.TryGetValue(image, out int place))
            {
                report.Add(LabelProblemKind.UnknownPicture, where, $"the picture {image} is not listed");
            }
            else if (Box(annotation) is { } box)
            {
                pictures[place].Boxes.Add(new TrueBox(box, number, box.Area, annotation.TryGetProperty("iscrowd", out JsonElement crowd) && crowd.ValueKind == JsonValueKind.Number && crowd.GetDouble() != 0));
            }
            else
            {
                report.Add(LabelProblemKind.Malformed, where, "has no 'bbox' of four numbers");
            }
        }
        return [.. pictures.Where(picture => picture.File.Length > 0).Select(picture => new AnnotatedImage(picture.File, picture.Width, picture.Height, picture.Boxes))];
    }

    private static IEnumerable<(JsonElement Item, string Where)> Items(JsonElement root, string name, string path, LabelReport report)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out JsonElement list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new DataException($"{path}: has no list '{name}'; a COCO annotation file holds 'images', 'annotations' and 'categories'");
        }
        int number = 0;
        foreach (JsonElement item in list.EnumerateArray())
        {
            string where = string.Create(CultureInfo.InvariantCulture, $"{name}[{number++}]");
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return (item, where);
            }
            else
            {
                report.Add(LabelProblemKind.Malformed, where, "is no object");
            }
        }
    }

    private static long? Id(JsonElement item, string name, string where, LabelReport report)
    {
        if (item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long id))
        {
            return id;
        }
        report.Add(LabelProblemKind.Malformed, where, $"has no whole number '{name}'");
        return null;
    }

    private static int Size(JsonElement image, string name) =>
        image.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int size) && size > 0 ? size : 0;

    private static PixelBox? Box(JsonElement annotation)
    {
        if (!annotation.TryGetProperty("bbox", out JsonElement box) || box.ValueKind != JsonValueKind.Array || box.GetArrayLength() != 4)
        {
            return null;
        }
        Span<double> numbers = stackalloc double[4];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (box[i].ValueKind != JsonValueKind.Number || !box[i].TryGetDouble(out numbers[i]) || !double.IsFinite(numbers[i]))
            {
                return null;
            }
        }
        return new PixelBox(numbers[0], numbers[1], numbers[2], numbers[3]);
    }
}
