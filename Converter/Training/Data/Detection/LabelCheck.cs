using System.Globalization;
using Edge.Imaging;
using Edge.Training.Metrics;

namespace Edge.Training.Data;

/// <summary>Looks for annotations that would spoil a detector: broken boxes, unknown classes, ids given twice, pictures that are not there.</summary>
public static class LabelCheck
{
    private const double MostAspect = 30;
    private const double Same = 0.95;
    // Half a pixel past the edge is how annotation tools round.
    private const double Slack = 0.5;
    private const int MostNeighbours = 200;
    private const int MaximumFileBytes = 64 << 20;

    /// <summary>Looks.</summary>
    /// <param name="path">COCO JSON, or a folder of YOLO or Pascal VOC labels, as <see cref="DetectionDataset.Load"/> takes them.</param>
    /// <param name="images">Where the pictures are; null for where the format usually has them.</param>
    /// <param name="readsPictures">Whether every picture's file is looked at.</param>
    /// <param name="most">How many problems are kept to be listed.</param>
    /// <param name="cancellation">Ends it between two pictures.</param>
    /// <exception cref="DataException">It is missing, or of none of these formats.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static LabelReport Run(string path, string? images = null, bool readsPictures = true, int most = 100, CancellationToken cancellation = default)
    {
        var report = new LabelReport(most);
        IReadOnlyList<AnnotatedImage> pictures;
        if (File.Exists(path))
        {
            pictures = CocoCheck.Read(path, images, report);
        }
        else
        {
            DetectionDataset data = DetectionDataset.Load(path, images);
            (pictures, report.Classes) = (data.Images, data.ClassNames.Count);
        }
        report.Pictures = pictures.Count;
        using var decoder = new ImageDecoder();
        using var pixels = new PixelBuffer();
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (AnnotatedImage picture in pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            string name = Path.GetFileName(picture.Path);
            if (!files.Add(picture.Path))
            {
                report.Add(LabelProblemKind.DuplicateId, name, "is listed twice");
            }
            (int width, int height) = (picture.Width, picture.Height);
            if (readsPictures && Size(picture.Path, name, decoder, pixels, report) is { } size)
            {
                if (width > 0 && height > 0 && (width, height) != size)
                {
                    report.Add(LabelProblemKind.WrongSize, name, $"has {size.Width}×{size.Height} pixels, the annotations say {width}×{height}");
                }
                (width, height) = size;
            }
            foreach (TrueBox box in picture.Boxes)
            {
                Check(box.Box, width, height, name, report);
            }
            Duplicates(picture.Boxes, name, report);
            report.Boxes += picture.Boxes.Count;
        }
        return report;
    }

    private static (int Width, int Height)? Size(string path, string name, ImageDecoder decoder, PixelBuffer pixels, LabelReport report)
    {
        if (!File.Exists(path))
        {
            report.Add(LabelProblemKind.MissingPicture, name, "the file is missing");
            return null;
        }
        try
        {
            // At the smallest scale: damage inside shows, and it costs little.
            ImageInfo info = decoder.Decode(DataFile.ReadBytes(path, MaximumFileBytes), pixels, new DecodeOptions(PixelFormat.Grey8, 1, 1), name);
            return (info.Width, info.Height);
        }
        catch (Exception e) when (e is ImageException or DataException)
        {
            report.Add(LabelProblemKind.DamagedPicture, name, e.Message);
            return null;
        }
    }

    private static void Check(in PixelBox box, int width, int height, string name, LabelReport report)
    {
        if (!(box.Width > 0 && box.Height > 0))
        {
            report.Add(LabelProblemKind.Empty, name, Text($"box {Edges(box)} has a size of {box.Width:0.##}×{box.Height:0.##}"));
            return;
        }
        if (Math.Max(box.Width / box.Height, box.Height / box.Width) > MostAspect)
        {
            report.Add(LabelProblemKind.Aspect, name, Text($"box {Edges(box)} is {box.Width:0.##}×{box.Height:0.##}: longer than {MostAspect} times its other side"));
        }
        if (width > 0 && height > 0 && (box.X < -Slack || box.Y < -Slack || box.X + box.Width > width + Slack || box.Y + box.Height > height + Slack))
        {
            bool isAway = box.X >= width || box.Y >= height || box.X + box.Width <= 0 || box.Y + box.Height <= 0;
            report.Add(LabelProblemKind.Outside, name, $"box {Edges(box)} {(isAway ? "lies outside" : "reaches out of")} the picture of {width}×{height}");
        }
    }

    // Boxes that are the same begin at nearly the same column: neighbours in that order are enough.
    private static void Duplicates(IReadOnlyList<TrueBox> boxes, string name, LabelReport report)
    {
        TrueBox[] order = [.. boxes.Where(box => box.Box.Width > 0 && box.Box.Height > 0 && !box.IsCrowd).OrderBy(box => box.Box.X)];
        for (int i = 0; i < order.Length; i++)
        {
            PixelBox box = order[i].Box;
            for (int k = i + 1; k < Math.Min(order.Length, i + MostNeighbours) && order[k].Box.X - box.X <= (1 - Same) * box.Width; k++)
            {
                if (order[k].Class == order[i].Class && PixelBox.Overlap(order[k].Box, box) >= Same)
                {
                    report.Add(LabelProblemKind.DuplicateBox, name, $"box {Edges(box)} is there twice");
                    break;
                }
            }
        }
    }

    private static string Edges(in PixelBox box) => Text($"[{box.X:0.##}, {box.Y:0.##}, {box.Width:0.##}, {box.Height:0.##}]");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
