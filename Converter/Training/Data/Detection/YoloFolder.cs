using System.Globalization;
using System.Text;
using Edge.Imaging;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>
/// YOLO's labels: for each picture a text file of lines <c>class centreX centreY width height</c>, the last four as shares of the
/// picture's size; a picture without one has no object. Class names come from <c>classes.txt</c>, <c>obj.names</c> or <c>data.yaml</c>.
/// </summary>
internal static class YoloFolder
{
    private const long MaximumFileBytes = 16 << 20;
    private const int MostClasses = 100_000;

    private static readonly string[] Extensions = [".jpg", ".jpeg", ".png", ".JPG", ".JPEG", ".PNG"];

    /// <summary>Whether a folder holds <c>labels/</c>, or text files beside pictures.</summary>
    public static bool Is(string folder) =>
        Directory.Exists(Path.Combine(folder, "labels")) || DetectionDataset.Files(folder, ".txt").Any(file => DetectionDataset.FindImage(folder, Path.GetFileNameWithoutExtension(file)) is not null);

    public static DetectionDataset Load(string folder, string? images)
    {
        string inner = Path.Combine(folder, "images");
        images ??= Directory.Exists(inner) ? inner : folder;
        string labels = Path.Combine(folder, "labels");
        labels = Directory.Exists(labels) ? labels : folder;
        string[] pictures = [.. Extensions.SelectMany(e => DetectionDataset.Files(images, e)).Distinct().Order(StringComparer.Ordinal)];
        if (pictures.Length == 0)
        {
            throw new DataException($"{images}: holds no .jpg or .png file; a YOLO data set has images/ beside labels/");
        }
        IReadOnlyList<string>? names = Names(folder) ?? Names(labels);
        var read = new List<AnnotatedImage>();
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        int most = -1;
        foreach (string picture in pictures)
        {
            AnnotatedImage image = Image(picture, Size(picture, decoder, pixels), Path.Combine(labels, Path.GetFileNameWithoutExtension(picture) + ".txt"), names?.Count ?? MostClasses);
            most = Math.Max(most, image.Boxes.Select(b => b.Class).DefaultIfEmpty(-1).Max());
            read.Add(image);
        }
        names ??= [.. Enumerable.Range(0, most + 1).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return new DetectionDataset(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), names, read);
    }

    private static AnnotatedImage Image(string picture, ImageInfo info, string labels, int classes)
    {
        var boxes = new List<TrueBox>();
        int number = 0;
        foreach (string line in File.Exists(labels) ? Lines(labels) : [])
        {
            number++;
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                continue;
            }
            double[] box = [.. parts.Skip(1).Take(4).Select(p => double.TryParse(p, NumberStyles.Float, CultureInfo.InvariantCulture, out double v) && double.IsFinite(v) ? v : double.NaN)];
            if (parts.Length != 5 || box.Any(double.IsNaN) || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int classNumber))
            {
                throw new DataException($"{labels}:{number}: is not 'class centreX centreY width height'");
            }
            if (classNumber >= classes)
            {
                throw new DataException($"{labels}:{number}: names the class {classNumber}, but {classes} classes are named; name all classes");
            }
            boxes.Add(TrueBox.Of(
                new PixelBox((box[0] - (box[2] / 2)) * info.Width, (box[1] - (box[3] / 2)) * info.Height, box[2] * info.Width, box[3] * info.Height), classNumber));
        }
        return new AnnotatedImage(picture, info.Width, info.Height, boxes);
    }

    private static ImageInfo Size(string picture, ImageDecoder decoder, PixelBuffer pixels)
    {
        try
        {
            return decoder.Decode(DetectionDataset.Read(picture, MaximumFileBytes * 16), pixels, new DecodeOptions(PixelFormat.Grey8, 1, 1), picture);
        }
        catch (ImageException e)
        {
            throw new DataException(e.Message, e);
        }
    }

    private static IReadOnlyList<string>? Names(string folder)
    {
        foreach (string name in (ReadOnlySpan<string>)["classes.txt", "obj.names"])
        {
            string path = Path.Combine(folder, name);
            if (File.Exists(path))
            {
                return [.. Lines(path).Select(l => l.Trim()).Where(l => l.Length > 0)];
            }
        }
        string yaml = Path.Combine(folder, "data.yaml");
        return File.Exists(yaml) ? YoloNames.Read(Encoding.UTF8.GetString(DetectionDataset.Read(yaml, MaximumFileBytes)), yaml) : null;
    }

    private static string[] Lines(string path) => Encoding.UTF8.GetString(DetectionDataset.Read(path, MaximumFileBytes)).Split('\n');
}
