using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>
/// Pascal VOC's annotations (VOC2012 development kit, section 4.1): an XML file a picture, with boxes whose first pixel is number 1
/// and whose last pixel belongs to them. Objects marked <c>difficult</c> count neither way.
/// </summary>
internal static class VocFolder
{
    private const long MaximumFileBytes = 16 << 20;

    public static bool Is(string folder) => Directory.Exists(Path.Combine(folder, "Annotations")) || DetectionDataset.Files(folder, ".xml").Length > 0;

    public static DetectionDataset Load(string folder, string? images)
    {
        string annotations = Path.Combine(folder, "Annotations");
        annotations = Directory.Exists(annotations) ? annotations : folder;
        string jpegs = Path.Combine(folder, "JPEGImages");
        images ??= Directory.Exists(jpegs) ? jpegs : annotations;
        string[] files = DetectionDataset.Files(annotations, ".xml");
        if (files.Length == 0)
        {
            throw new DataException($"{annotations}: holds no .xml file; Pascal VOC has one for each picture");
        }
        (string File, XElement Root)[] read = [.. files.Select(f => (f, Parse(f)))];
        string[] names = [.. read.SelectMany(r => r.Root.Elements("object").Select(o => Text(o, "name", r.File))).Distinct().Order(StringComparer.Ordinal)];
        Dictionary<string, int> classes = names.Select((name, index) => (name, index)).ToDictionary(c => c.name, c => c.index);
        return new DetectionDataset(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), names, [.. read.Select(r => Image(r.File, r.Root, images, classes))]);
    }

    private static AnnotatedImage Image(string file, XElement root, string images, Dictionary<string, int> classes)
    {
        string name = root.Element("filename")?.Value.Trim() is { Length: > 0 } given ? Path.GetFileName(given) : Path.GetFileNameWithoutExtension(file) + ".jpg";
        string path = Path.Combine(images, name);
        path = File.Exists(path) ? path : DetectionDataset.FindImage(images, Path.GetFileNameWithoutExtension(file)) ?? path;
        XElement? size = root.Element("size");
        return new AnnotatedImage(
            path, size is null ? 0 : (int)Number(size, "width", file), size is null ? 0 : (int)Number(size, "height", file),
            [.. root.Elements("object").Select(o => Box(o, classes, file))]);
    }

    private static TrueBox Box(XElement item, Dictionary<string, int> classes, string file)
    {
        XElement box = item.Element("bndbox") ?? throw new DataException($"{file}: an object has no <bndbox>");
        double left = Number(box, "xmin", file) - 1, top = Number(box, "ymin", file) - 1;
        var pixels = new PixelBox(left, top, Number(box, "xmax", file) - left, Number(box, "ymax", file) - top);
        return new TrueBox(pixels, classes[Text(item, "name", file)], pixels.Area, item.Element("difficult")?.Value.Trim() == "1");
    }

    private static XElement Parse(string file)
    {
        try
        {
            using var bytes = new MemoryStream(DetectionDataset.Read(file, MaximumFileBytes));
            // No DTD: entities could read other files or grow without end.
            using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            XElement? root = XDocument.Load(reader).Root;
            return root?.Name.LocalName == "annotation" ? root : throw new DataException($"{file}: has no <annotation> at its root; Pascal VOC's files do");
        }
        catch (XmlException e)
        {
            throw new DataException($"{file}: is no XML that is read here (line {e.LineNumber}): {e.Message.Split('\n')[0]}", e);
        }
    }

    private static string Text(XElement item, string name, string file) =>
        item.Element(name)?.Value.Trim() is { Length: > 0 } text ? text : throw new DataException($"{file}: an object has no <{name}>");

    private static double Number(XElement item, string name, string file) =>
        double.TryParse(item.Element(name)?.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && Math.Abs(number) < 1e6
            ? number
            : throw new DataException($"{file}: <{name}> is missing or no number of pixels");
}
