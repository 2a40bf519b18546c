using System.Text.Json;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>COCO's object annotations (cocodataset.org, "Data format"): images, categories, and boxes [x, y, width, height] in pixels.</summary>
internal static class CocoFile
{
    public static DetectionDataset Load(string path, string? images)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(DetectionDataset.Read(path, DetectionDataset.MaximumBytes), new JsonDocumentOptions { MaxDepth = 32 });
            return Read(document.RootElement, path, images ?? Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (JsonException e)
        {
            throw new DataException($"{path}: is no JSON (line {e.LineNumber + 1}); a COCO annotation file holds 'images', 'annotations' and 'categories'", e);
        }
    }

    private static DetectionDataset Read(JsonElement root, string path, string folder)
    {
        // Category numbers have gaps; classes are counted in their order.
        var categories = new SortedDictionary<long, string>();
        foreach (JsonElement category in Items(root, "categories", path))
        {
            if (!categories.TryAdd(Integer(category, "id", path), Text(category, "name", path)))
            {
                throw new DataException($"{path}: two categories have the id {Integer(category, "id", path)}; number them apart");
            }
        }
        Dictionary<long, int> classes = categories.Keys.Select((id, index) => (id, index)).ToDictionary(c => c.id, c => c.index);
        var boxes = new Dictionary<long, List<TrueBox>>();
        var pictures = new List<(long Id, string File, int Width, int Height)>();
        foreach (JsonElement image in Items(root, "images", path))
        {
            long id = Integer(image, "id", path);
            if (!boxes.TryAdd(id, []))
            {
                throw new DataException($"{path}: two images have the id {id}; number them apart");
            }
            string file = Text(image, "file_name", path);
            string relative = Path.GetRelativePath(folder, Path.Combine(folder, file));
            if (Path.IsPathRooted(file) || relative.StartsWith("..", StringComparison.Ordinal))
            {
                throw new DataException($"{path}: image {id} names the file '{file}' outside the folder; use names below it");
            }
            pictures.Add((id, Path.Combine(folder, file), Size(image, "width", path), Size(image, "height", path)));
        }
        foreach (JsonElement annotation in Items(root, "annotations", path))
        {
            long image = Integer(annotation, "image_id", path);
            long category = Integer(annotation, "category_id", path);
            if (!boxes.TryGetValue(image, out List<TrueBox>? list))
            {
                throw new DataException($"{path}: an annotation names the image {image}, which is not listed");
            }
            if (!classes.TryGetValue(category, out int number))
            {
                throw new DataException($"{path}: an annotation of image {image} names the category {category}, which is not listed");
            }
            list.Add(Box(annotation, number, path));
        }
        return new DetectionDataset(
            Path.GetFileNameWithoutExtension(path), [.. categories.Values],
            [.. pictures.OrderBy(p => p.File, StringComparer.Ordinal).Select(p => new AnnotatedImage(p.File, p.Width, p.Height, boxes[p.Id]))]);
    }

    private static TrueBox Box(JsonElement annotation, int number, string path)
    {
        if (!annotation.TryGetProperty("bbox", out JsonElement box) || box.ValueKind != JsonValueKind.Array || box.GetArrayLength() != 4)
        {
            throw new DataException($"{path}: an annotation has no 'bbox' of four numbers");
        }
        var pixels = new PixelBox(Number(box[0], path), Number(box[1], path), Number(box[2], path), Number(box[3], path));
        double area = annotation.TryGetProperty("area", out JsonElement given) ? Number(given, path) : pixels.Area;
        bool isCrowd = Flag(annotation, "iscrowd") || Flag(annotation, "ignore");
        return new TrueBox(pixels, number, area, isCrowd);
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement root, string name, string path) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : throw new DataException($"{path}: has no list '{name}'; a COCO annotation file holds 'images', 'annotations' and 'categories'");

    private static long Integer(JsonElement item, string name, string path) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : throw new DataException($"{path}: an entry has no whole number '{name}'");

    private static int Size(JsonElement item, string name, string path) =>
        !item.TryGetProperty(name, out _) ? 0
            : Integer(item, name, path) is >= 0 and <= int.MaxValue and long size ? (int)size
            : throw new DataException($"{path}: an image's '{name}' is out of range");

    private static string Text(JsonElement item, string name, string path) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new DataException($"{path}: an entry has no text '{name}'");

    private static double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number
            : throw new DataException($"{path}: an annotation's box or area is not made of numbers");

    private static bool Flag(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && (value.ValueKind == JsonValueKind.True || (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int flag) && flag != 0));
}
