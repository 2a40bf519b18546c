using System.Globalization;
using Edge.Reports;
using Edge.Training.Metrics;

namespace Edge.Cli.Evaluation.Detection;

/// <summary>What judging a detector came to, as a page.</summary>
internal static class DetectionPage
{
    private const int MostCurves = 12;
    private const int MostConfused = 30;
    private const int WorstPictures = 12;
    private const int PictureSide = 360;

    /// <summary>Makes the page.</summary>
    internal static HtmlReport Make(DetectionResult result)
    {
        var page = new HtmlReport($"How well does {Path.GetFileName(result.Source)} detect?", Text($"{result.Data}, {result.Pictures.Count:N0} pictures, through the pipeline of edge-runtime"));
        page.Tiles(
                new Tile(DetectionPrinter.Share(result.Metrics.Ap), "AP, overlaps 0.50 to 0.95 (COCO mAP)"),
                new Tile(DetectionPrinter.Share(result.Metrics.Ap50), "AP at overlap 0.50"),
                new Tile(DetectionPrinter.Share(result.Metrics.Ar100), "average recall, 100 boxes a picture"),
                new Tile(DetectionPrinter.Share(result.Precision), Text($"precision from the score {result.Threshold:0.###} on")),
                new Tile(DetectionPrinter.Share(result.Recall), Text($"recall from the score {result.Threshold:0.###} on")))
            .Paragraph(DetectionPrinter.Time(result))
            .Section("COCO's figures").Table(["", "value"], DetectionPrinter.Figures(result.Metrics).Select(figure => (string[])[figure.Name, DetectionPrinter.Share(figure.Value)]))
            .Section("By class").Table(DetectionPrinter.Header, DetectionPrinter.Classes(result));
        DetectionClassMetrics[] hardest = [.. result.Metrics.Classes.OrderBy(row => row.Ap50).Take(MostCurves)];
        page.Section("Over all scores", $"Precision over recall at the overlap 0.50{(hardest.Length < result.Metrics.Classes.Count ? $"; the {MostCurves} hardest classes" : "")}.")
            .Chart(JudgingCharts.UnitCurves("recall", "precision", [.. hardest.Select(row => Curve(result.Names[row.Class], row.Curve50))]), 420);
        int[] shown = [.. result.Occurring];
        if (shown.Length <= MostConfused)
        {
            page.Section("What is taken for what", Text($"From the score {result.Threshold:0.###} and the overlap 0.50 on. Row background: boxes where nothing is; column background: objects that were missed."))
                .Chart(Charts.ConfusionMatrix([.. shown.Select(result.Name)], Square(result, shown)), Math.Clamp(160 + (36 * shown.Length), 300, 900));
        }
        return Worst(page, result);
    }

    private static HtmlReport Worst(HtmlReport page, DetectionResult result)
    {
        JudgedPicture[] worst = [.. result.Pictures.Where(picture => picture.Mistakes > 0).OrderByDescending(picture => picture.Mistakes).Take(WorstPictures)];
        if (worst.Length == 0)
        {
            return page;
        }
        using var drawing = new DetectionDrawing(PictureSide);
        return page.Section("Where most goes wrong", "White: what is there. In colour: what was found. Pictures that are labelled wrongly often stand here.")
            .Pictures([.. worst.Select(picture => new Picture(drawing.Png(picture, result.Names, withTruth: true), Path.GetFileName(picture.Path), Text($"{picture.Missed} missed, {picture.Confused} of another class, {picture.Extra} where nothing is")))], PictureSide, 3);
    }

    private static Series Curve(string name, PrecisionRecall curve) =>
        new(name, [.. curve.Precision.Select((precision, place) => ((double)place / (PrecisionRecall.Points - 1), precision))]);

    private static long[,] Square(DetectionResult result, int[] classes)
    {
        var counts = new long[classes.Length, classes.Length];
        for (int truth = 0; truth < classes.Length; truth++)
        {
            for (int found = 0; found < classes.Length; found++)
            {
                counts[truth, found] = result.Confusion[classes[truth], classes[found]];
            }
        }
        return counts;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
